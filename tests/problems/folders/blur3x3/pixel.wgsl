struct Sizes {
  height: u32,
  width: u32,
}

@group(0) @binding(0) var<storage, read> image: array<f32>;
@group(0) @binding(1) var<storage, read_write> blurred: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.width || id.y >= sizes.height) {
    return;
  }
  var sum = 0.0;
  for (var i = -1; i < 2; i++) {
    for (var j = -1; j < 2; j++) {
      let row = u32(clamp(i32(id.y) + i, 0, i32(sizes.height) - 1));
      let column = u32(clamp(i32(id.x) + j, 0, i32(sizes.width) - 1));
      sum += image[row * sizes.width + column];
    }
  }
  blurred[id.y * sizes.width + id.x] = sum / 9.0;
}
