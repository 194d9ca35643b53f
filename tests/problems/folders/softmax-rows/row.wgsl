struct Sizes {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.rows) {
    return;
  }
  let start = id.x * sizes.columns;
  var largest = x[start];
  for (var i = 1u; i < sizes.columns; i++) {
    largest = max(largest, x[start + i]);
  }
  var sum = 0.0;
  for (var i = 0u; i < sizes.columns; i++) {
    let power = exp(x[start + i] - largest);
    y[start + i] = power;
    sum += power;
  }
  for (var i = 0u; i < sizes.columns; i++) {
    y[start + i] /= sum;
  }
}
