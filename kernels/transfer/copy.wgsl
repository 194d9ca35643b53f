//% param name
// transfer {{ name }}: one workgroup copies the numbers, so that a dispatch is nearly empty and still has a result to
//% if name == "dispatch"
// check. Each run is submitted alone and waited for.
//% else
// check. Runs follow each other within one pass: no kernel can take less.
//% endif

struct Shape {
  count: u32,
}

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < shape.count; i += 64u) {
    result[i] = source[i];
  }
}
