struct Sizes {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> x: array<u32>;
@group(0) @binding(1) var<storage, read_write> least: array<i32>;
@group(0) @binding(2) var<storage, read_write> largest: array<i32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.rows) {
    return;
  }
  var low = 127;
  var high = -128;
  for (var i = 0u; i < sizes.columns; i++) {
    let at = id.x * sizes.columns + i;
    let value = extractBits(i32(x[at / 4u]), 8u * (at % 4u), 8u);
    low = min(low, value);
    high = max(high, value);
  }
  least[id.x] = low;
  largest[id.x] = high;
}
