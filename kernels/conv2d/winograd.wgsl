//% param name, storage
// conv2d {{ name }}: F(2x2, 3x3). Tiles of the image are transformed, sixteen products of these are combined to pixels;
//% include "matmul/tile.wgsl"
//% set word = "vec4<" ~ storage ~ ">"

struct Image {
  height: u32,
  width: u32,
  across: u32,  // tiles of 2 x 2 pixels in a row of them
  rows: u32,  // of each of the sixteen products: tiles, padded
  channels: u32,  // of the image, in words
  columns: u32,  // of the answer, in words
}

//% macro difference(to, from)
{#- B' x: four sums of four. -#}
  let {{ to }}0 = {{ from }}0 - {{ from }}2;
  let {{ to }}1 = {{ from }}1 + {{ from }}2;
  let {{ to }}2 = {{ from }}2 - {{ from }}1;
  let {{ to }}3 = {{ from }}1 - {{ from }}3;
//% endmacro
@group(0) @binding(0) var<storage, read> image: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> seen: array<{{ word }}>;
@group(0) @binding(2) var<uniform> of_image: Image;

fn pixel(y: u32, x: u32, channel: u32) -> vec4<f32> {
  if (y < of_image.height && x < of_image.width) {
    return vec4<f32>(image[(y * of_image.width + x) * of_image.channels + channel]);
  }
  return vec4<f32>();
}

// B' d B: four rows and columns of pixels, from one above and left of the tile on, as sixteen sums.
@compute @workgroup_size(16)
fn transform(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= of_image.channels) {
    return;
  }
//% for j in range(4)
//%   for i in range(4)
  let p{{ j }}{{ i }} = pixel(2u * id.z + {{ i }}u - 1u, 2u * id.y + {{ j }}u - 1u, id.x);
//%   endfor
{{ difference("d%d" % j, "p%d" % j) }}
//% endfor
  let at = (id.z * of_image.across + id.y) * of_image.channels + id.x;
  let slab = of_image.rows * of_image.channels;
//% for i in range(4)
//%   for j in range(4)
  let q{{ i }}{{ j }} = d{{ j }}{{ i }};
//%   endfor
{{ difference("s%d" % i, "q%d" % i) }}
//%   for j in range(4)
  seen[at + {{ 4 * i + j }}u * slab] = {{ word }}(s{{ i }}{{ j }});
//%   endfor
//% endfor
}

@group(0) @binding(0) var<storage, read> products: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> of_result: Image;

fn put(y: u32, x: u32, word: u32, value: vec4<f32>) {
  if (y < of_result.height && x < of_result.width) {
    result[(y * of_result.width + x) * of_result.columns + word] = value;
  }
}

// A' m A: four pixels of the answer from sixteen products.
@compute @workgroup_size(16)
fn combine(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= of_result.columns) {
    return;
  }
  let at = (id.z * of_result.across + id.y) * of_result.columns + id.x;
  let slab = of_result.rows * of_result.columns;
//% for j in range(4)
//%   for i in range(4)
  let m{{ i }}{{ j }} = products[at + {{ 4 * i + j }}u * slab];
//%   endfor
  let upper{{ j }} = m0{{ j }} + m1{{ j }} + m2{{ j }};
  let lower{{ j }} = m1{{ j }} - m2{{ j }} - m3{{ j }};
//% endfor
  let y = 2u * id.z;
  let x = 2u * id.y;
//% for row in ("upper", "lower")
  put(y + {{ loop.index0 }}u, x, id.x, {{ row }}0 + {{ row }}1 + {{ row }}2);
  put(y + {{ loop.index0 }}u, x + 1u, id.x, {{ row }}1 - {{ row }}2 - {{ row }}3);
//% endfor
}
