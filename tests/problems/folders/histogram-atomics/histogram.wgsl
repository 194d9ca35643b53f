override WG: u32 = 64;

struct Sizes {
  n: u32,
  bins: u32,
}

@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@group(0) @binding(0) var<storage, read_write> cleared: array<u32>;
@group(0) @binding(1) var<uniform> of_clear: Sizes;

@compute @workgroup_size(64)
fn clear(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_clear.bins) {
    cleared[id.x] = 0;
  }
}

@compute @workgroup_size(WG)
fn count(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < sizes.n) {
    atomicAdd(&counts[data[id.x] % sizes.bins], 1u);
  }
}
