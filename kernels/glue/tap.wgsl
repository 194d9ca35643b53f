//% param directives, name
//% param workgroup_size
// {{ name }}: words as they are, for whoever looks into a run.
{{ directives }}

struct Shape {
  words: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.words; at += groups.x * {{ workgroup_size }}u) {
    result[at] = x[at];
  }
}
