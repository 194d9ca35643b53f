//% param directives, name
//% param workgroup_size
// {{ name }}: adds to each token the row of a table that its place has.
{{ directives }}

struct Shape {
  words: u32,    // of four elements in all
  columns: u32,  // words of a row
}

@group(0) @binding(0) var<storage, read> table: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> places: array<u32>;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.words; at += groups.x * {{ workgroup_size }}u) {
    result[at] = x[at] + table[places[at / shape.columns] * shape.columns + at % shape.columns];
  }
}
