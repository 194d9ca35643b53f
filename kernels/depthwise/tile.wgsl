//% param directives, name, storage, compute
//% param pixels, workgroup_x, workgroup_y
//% set word = "vec4<" ~ storage ~ ">"
//% set half = compute == "f16"
//% set wide = storage != compute
// depthwise {{ name }}: a thread computes four channels of {{ pixels }} pixels in a row, each word of the image read once for all.
{{ directives }}

struct Shape {
  height: u32,
  width: u32,
  channels: u32,  // in words of four
}

@group(0) @binding(0) var<storage, read> image: array<{{ word }}>;
@group(0) @binding(1) var<storage, read> weights: array<{{ word }}>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let channel = id.x;
  let first = id.y * {{ pixels }}u;
  let row = id.z;
  if (channel >= shape.channels || first >= shape.width) {
    return;
  }
//% for p in range(pixels)
  var sum{{ p }} = vec4<f32>();
//% endfor
  for (var down = 0u; down < 3u; down++) {
    // Above the first row and left of the first column this wraps around, and is outside as well.
    let y = row + down - 1u;
    if (y >= shape.height) {
      continue;
    }
    let at = y * shape.width;
//% for x in range(3)
    let w{{ x }} = {{ "vec4<f32>" if wide }}(weights[(down * 3u + {{ x }}u) * shape.channels + channel]);
//% endfor
//% for x in range(pixels + 2)
    let x{{ x }} = first + {{ x }}u - 1u;
    let a{{ x }} = select({{ "vec4<f32>" if wide else word }}(), {{ "vec4<f32>" if wide }}(image[(at + min(x{{ x }}, shape.width - 1u)) * shape.channels + channel]), x{{ x }} < shape.width);
//% endfor
//% for p in range(pixels)
    sum{{ p }} += {% for x in range(3) %}{{ "vec4<f32>" if half }}(a{{ p + x }} * w{{ x }}){{ " + " if not loop.last }}{% endfor %};
//% endfor
  }
  let to = row * shape.width + first;
//% for p in range(pixels)
{{ "if (first + " ~ p ~ "u < shape.width) {" if p }}
  result[(to + {{ p }}u) * shape.channels + channel] = sum{{ p }};
{{ "}" if p }}
//% endfor
}
