override WG: u32 = 64;

struct Sizes {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

var<workgroup> shared_sums: array<f32, WG>;

@compute @workgroup_size(WG)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let start = group.x * sizes.columns;
  var largest = -3.0e38;
  for (var i = lane; i < sizes.columns; i += WG) {
    largest = max(largest, x[start + i]);
  }
  shared_sums[lane] = largest;
  workgroupBarrier();
  for (var step = WG / 2; step > 0; step /= 2) {
    if (lane < step) {
      shared_sums[lane] = max(shared_sums[lane], shared_sums[lane + step]);
    }
    workgroupBarrier();
  }
  largest = shared_sums[0];
  workgroupBarrier();
  var sum = 0.0;
  for (var i = lane; i < sizes.columns; i += WG) {
    sum += exp(x[start + i] - largest);
  }
  shared_sums[lane] = sum;
  workgroupBarrier();
  for (var step = WG / 2; step > 0; step /= 2) {
    if (lane < step) {
      shared_sums[lane] += shared_sums[lane + step];
    }
    workgroupBarrier();
  }
  sum = shared_sums[0];
  for (var i = lane; i < sizes.columns; i += WG) {
    y[start + i] = exp(x[start + i] - largest) / sum;
  }
}
