//% param directives, name, storage, compute, techniques
//% param workgroup_x, workgroup_y, depthwise
//% set nchw = "nchw" in techniques
//% set half = compute == "f16"
{#- A channel of the answer sees all of the image, or its own alone: as if there were one for each answer. -#}
//% set seen, all = ("channel", "outputs") if depthwise else ("i", "inputs")
// {{ "depthwise" if depthwise else "conv2d" }} {{ name }}: a thread computes one element; neighbouring threads are neighbours {{ "in a row of pixels" if nchw else "among the channels of a pixel" }}.
{{ directives }}

struct Shape {
  height: u32,
  width: u32,
  inputs: u32,  // that a channel of the answer sees
  outputs: u32,
}

//% if nchw
@group(0) @binding(0) var<storage, read> image: array<{{ storage }}>;  // [{{ all }}][height][width]
@group(0) @binding(1) var<storage, read> weights: array<{{ storage }}>;  // [outputs][inputs][3][3]
@group(0) @binding(2) var<storage, read_write> result: array<f32>;  // [outputs][height][width]
//% else
@group(0) @binding(0) var<storage, read> image: array<{{ storage }}>;  // [height][width][{{ all }}]
@group(0) @binding(1) var<storage, read> weights: array<{{ storage }}>;  // [3][3][inputs][outputs]
@group(0) @binding(2) var<storage, read_write> result: array<f32>;  // [height][width][outputs]
//% endif
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
//% if nchw
  let column = id.x;
  let row = id.y;
  let channel = id.z;
//% else
  let channel = id.x;
  let column = id.y;
  let row = id.z;
//% endif
  if (column >= shape.width || channel >= shape.outputs) {
    return;
  }
//% if nchw
  if (row >= shape.height) {
    return;
  }
//% endif
  var sum = 0.0;
  for (var down = 0u; down < 3u; down++) {
    // Above the first row this wraps around, and is outside as well.
    let y = row + down - 1u;
    for (var across = 0u; across < 3u; across++) {
      let x = column + across - 1u;
      if (y >= shape.height || x >= shape.width) {
        continue;
      }
      for (var i = 0u; i < shape.inputs; i++) {
//% if nchw
        let a = image[({{ seen }} * shape.height + y) * shape.width + x];
        let b = weights[(channel * shape.inputs + i) * 9u + down * 3u + across];
//% else
        let a = image[(y * shape.width + x) * shape.{{ all }} + {{ seen }}];
        let b = weights[((down * 3u + across) * shape.inputs + i) * shape.outputs + channel];
//% endif
        sum += {{ "f32(a * b)" if half else "f32(a) * f32(b)" if storage == "f16" else "a * b" }};
      }
    }
  }
//% if nchw
  result[(channel * shape.height + row) * shape.width + column] = sum;
//% else
  result[(row * shape.width + column) * shape.outputs + channel] = sum;
//% endif
}
