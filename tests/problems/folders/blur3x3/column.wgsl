override STEP: u32 = 4;

struct Sizes {
  height: u32,
  width: u32,
}

@group(0) @binding(0) var<storage, read> image: array<f32>;
@group(0) @binding(1) var<storage, read_write> blurred: array<f32>;
@group(0) @binding(2) var<uniform> sizes: Sizes;

fn across(row: i32, x: i32) -> f32 {
  let start = clamp(row, 0, i32(sizes.height) - 1) * i32(sizes.width);
  let last = i32(sizes.width) - 1;
  return image[start + max(x - 1, 0)] + image[start + x] + image[start + min(x + 1, last)];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= sizes.width) {
    return;
  }
  let x = i32(id.x);
  let first = i32(id.y * STEP);
  var above = across(first - 1, x);
  var here = across(first, x);
  for (var i = 0; i < i32(STEP); i++) {
    let row = first + i;
    let below = across(row + 1, x);
    if (row < i32(sizes.height)) {
      blurred[row * i32(sizes.width) + x] = (above + here + below) / 9.0;
    }
    above = here;
    here = below;
  }
}
