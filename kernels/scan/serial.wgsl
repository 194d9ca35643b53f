//% param name
//% param workgroup_size, groups
//% from "scan/prefix.wgsl" import prefix
//% set threads = workgroup_size * groups
// scan {{ name }}: each thread adds its share up, one goes through the {{ threads }} sums, each scans its share from there.

struct Shape {
  words: u32,  // of four numbers; the last is padded with zeros
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32, {{ threads }}>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

{{ prefix() }}
//% macro share()
  let share = (shape.words + {{ threads - 1 }}u) / {{ threads }}u;
  let start = min(id.x * share, shape.words);
  let end = min(start + share, shape.words);
//% endmacro

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  {{ share() }}
  var sum = vec4<f32>();
  for (var k = start; k < end; k++) {
    sum += x[k];
  }
  partial[id.x] = dot(sum, vec4<f32>(1.0));
}

@compute @workgroup_size(1)
fn scan_parts() {
  var sum = 0.0;
  for (var i = 0u; i < {{ threads }}u; i++) {
    let part = partial[i];
    partial[i] = sum;
    sum += part;
  }
}

@compute @workgroup_size({{ workgroup_size }})
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  {{ share() }}
  var before = partial[id.x];
  for (var k = start; k < end; k++) {
    let sums = before + prefix(x[k]);
    result[k] = sums;
    before = sums.w;
  }
}
