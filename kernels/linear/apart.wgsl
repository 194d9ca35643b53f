//% param ending
//% set wide = true
//% include "matmul/tile.wgsl"
//% set acts, added = ending > 19 or ending % 2 == 1, ending % 10 > 1
//% set activation = ["", "relu", "silu", "gelu", "gelu"][ending // 10 - 1]
//% if acts

//%   if ending % 2 == 1
@group(0) @binding(0) var<storage, read> bias: array<vec4<f32>>;
//%   endif
@group(0) @binding({{ ending % 2 }}) var<storage, read_write> products: array<vec4<f32>>;
@group(0) @binding({{ ending % 2 + 1 }}) var<uniform> of_products: Shape;

@compute @workgroup_size(64)
fn activate(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_products.columns) {
    let at = id.y * of_products.columns + id.x;
    products[at] = {{ activation }}(products[at]{{ " + bias[id.x]" if ending % 2 == 1 }});
  }
}
//% endif
//% if added

@group(0) @binding(0) var<storage, read> residual: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> of_result: Shape;

@compute @workgroup_size(64)
fn add_residual(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_result.columns) {
    let at = id.y * of_result.columns + id.x;
    result[at] += residual[at];
  }
}
//% endif
