struct Sizes {
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read_write> totals: array<i32>;
@group(0) @binding(2) var<storage, read_write> sums: array<i32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

@compute @workgroup_size(1)
fn main() {
  var sum = 0;
  for (var i = 0u; i < sizes.n; i++) {
    sum += x[i];
    sums[i] = sum;
  }
}
