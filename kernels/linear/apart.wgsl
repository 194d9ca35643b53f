//% set wide = true
//% include "matmul/tile.wgsl"

//% include "linear/gelu.wgsl"

@group(0) @binding(0) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> products: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> of_products: Shape;

@compute @workgroup_size(64)
fn activate(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_products.columns) {
    let at = id.y * of_products.columns + id.x;
    products[at] = gelu(products[at] + bias[id.x]);
  }
}

@group(0) @binding(0) var<storage, read> residual: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> activated: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> of_result: Shape;

@compute @workgroup_size(64)
fn add_residual(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_result.columns) {
    let at = id.y * of_result.columns + id.x;
    result[at] = activated[at] + residual[at];
  }
}
