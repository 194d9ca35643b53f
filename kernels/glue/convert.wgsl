//% param directives, name
//% param half, plain, workgroup_size
// {{ name }}: a tensor as the next operator reads it{{ ", in 16 bits" if half }}{{ "" if plain else ", its rows padded with zeros" }}.
{{ directives }}

struct Shape {
  words: u32,  // of the answer
  middle: u32, // rows are so many runs of elements
  inner: u32,
  padded_middle: u32,
  padded_inner: u32,
  row: u32,    // elements from one row to the next, as they come
  step: u32,
  one: u32,
}

//% set number = "vec4<f32>" if plain else "f32"
//% set word = ("vec2<u32>" if plain else "u32") if half else number
@group(0) @binding(0) var<storage, read> x: array<{{ number }}>;
@group(0) @binding(1) var<storage, read_write> result: array<{{ word }}>;
@group(0) @binding(2) var<uniform> shape: Shape;

//% if not plain
fn element(at: u32) -> f32 {
  let k = at % shape.padded_inner;
  let j = at / shape.padded_inner % shape.padded_middle;
  let i = at / (shape.padded_inner * shape.padded_middle);
  let there = k < shape.inner && j < shape.middle;
  return select(0.0, x[select(0u, i * shape.row + j * shape.step + k * shape.one, there)], there);
}
//% endif

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.words; at += groups.x * {{ workgroup_size }}u) {
//% if plain and half
    let four = x[at];
    result[at] = vec2<u32>(pack2x16float(four.xy), pack2x16float(four.zw));
//% elif plain
    result[at] = x[at];
//% elif half
    result[at] = pack2x16float(vec2<f32>(element(2u * at), element(2u * at + 1u)));
//% else
    result[at] = element(at);
//% endif
  }
}
