//% param directives, name
//% param workgroup_size
// {{ name }}: the product of two matrices, element by element.
{{ directives }}

struct Shape {
  words: u32,  // of four elements in all
}

@group(0) @binding(0) var<storage, read> a: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> b: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.words; at += groups.x * {{ workgroup_size }}u) {
    result[at] = a[at] * b[at];
  }
}
