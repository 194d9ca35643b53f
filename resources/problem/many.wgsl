override PER: u32 = 4;

struct Scalars {
  n: u32,
  a: f32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> y: array<f32>;
@group(0) @binding(2) var<storage, read_write> z: array<f32>;
@group(0) @binding(3) var<uniform> scalars: Scalars;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_id) lane: vec3<u32>, @builtin(workgroup_id) group: vec3<u32>) {
  let first = group.x * 64u * PER + lane.x;
  for (var i = 0u; i < PER; i++) {
    let at = first + 64u * i;
    if (at < scalars.n) {
      z[at] = scalars.a * x[at] + y[at];
    }
  }
}
