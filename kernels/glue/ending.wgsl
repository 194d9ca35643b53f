//% param directives, name
//% param ending, workgroup_size
//% set number, fused = "vec4<f32>", false
//% set biased, added = ending % 2 == 1, ending % 10 > 1
//% set activation = ["", "relu", "silu", "gelu", "gelu"][ending // 10 - 1]
// {{ name }}: what a layer does to its products.
{{ directives }}

struct Shape {
  words: u32,    // of four elements in all
  columns: u32,  // words of a row
}

//% set next = namespace(at=1)
@group(0) @binding(0) var<storage, read> products: array<vec4<f32>>;
//% if biased
@group(0) @binding(1) var<storage, read> bias: array<vec4<f32>>;
//%   set next.at = 2
//% endif
//% if added
@group(0) @binding({{ next.at }}) var<storage, read> residual: array<vec4<f32>>;
//%   set next.at = next.at + 1
//% endif
@group(0) @binding({{ next.at }}) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding({{ next.at + 1 }}) var<uniform> shape: Shape;
//% include "linear/ending.wgsl"

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.words; at += groups.x * {{ workgroup_size }}u) {
    let z = products[at]{{ " + bias[at % shape.columns]" if biased }};
    result[at] = {{ activation }}(z){{ " + residual[at]" if added }};
  }
}
