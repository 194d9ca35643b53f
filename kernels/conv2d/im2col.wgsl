//% param name, storage
// conv2d {{ name }}: windows are copied beside each other, a row of A for each pixel; then
//% include "matmul/tile.wgsl"
//% set word, image, sizes = "vec4<" ~ storage ~ ">", "image", "of_image"

struct Image {
  rows: u32,  // of the product: pixels
  depth: u32,  // of its rows, in words
  height: u32,
  width: u32,
  channels: u32,  // in words
}

@group(0) @binding(0) var<storage, read> image: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> patches: array<{{ word }}>;
@group(0) @binding(2) var<uniform> of_image: Image;

//% include "conv2d/window.wgsl"

@compute @workgroup_size(64)
fn im2col(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < of_image.depth) {
    patches[id.y * of_image.depth + id.x] = window(id.y, id.x);
  }
}
