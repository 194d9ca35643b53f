struct Sizes {
  n: u32,
}

@group(0) @binding(0) var<storage, read> x: array<i32>;
@group(0) @binding(1) var<storage, read_write> totals: array<i32>;
@group(0) @binding(2) var<storage, read_write> sums: array<i32>;
@group(0) @binding(3) var<uniform> sizes: Sizes;

var<workgroup> block: array<i32, 256>;

@compute @workgroup_size(256)
fn scan_blocks(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>
) {
  block[lane] = select(0, x[min(id.x, sizes.n - 1)], id.x < sizes.n);
  workgroupBarrier();
  for (var step = 1u; step < 256u; step *= 2u) {
    let before = select(0, block[max(lane, step) - step], lane >= step);
    workgroupBarrier();
    block[lane] += before;
    workgroupBarrier();
  }
  if (id.x < sizes.n) {
    sums[id.x] = block[lane];
  }
  if (lane == 255u) {
    totals[group.x] = block[255];
  }
}

@group(0) @binding(0) var<storage, read> known: array<i32>;
@group(0) @binding(1) var<storage, read_write> whole: array<i32>;
@group(0) @binding(2) var<uniform> of_whole: Sizes;

var<workgroup> before: i32;

@compute @workgroup_size(256)
fn add_before(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3<u32>
) {
  if (lane == 0u) {
    var sum = 0;
    for (var i = 0u; i < group.x; i++) {
      sum += known[i];
    }
    before = sum;
  }
  workgroupBarrier();
  if (id.x < of_whole.n) {
    whole[id.x] += before;
  }
}
