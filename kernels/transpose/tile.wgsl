//% param name
//% param workgroup_size, blocks
//% set parts = ["x", "y", "z", "w"]
// transpose {{ name }}: a thread turns {{ blocks }} block{{ "s" if blocks > 1 }} of 4 x 4 over in its registers, in words of four elements.

struct Shape {
  row_words: u32,  // of a row of x; rows and columns are padded to whole blocks
  column_words: u32,  // of a row of the answer
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= shape.row_words) {
    return;
  }
  let source = id.y * {{ 4 * blocks }}u * shape.row_words + id.x;
  let to = id.x * 4u * shape.column_words + id.y * {{ blocks }}u;
//% for i in range(4 * blocks)
  let w{{ i }} = x[source + {{ i }}u * shape.row_words];
//% endfor
//% for p in parts
//%   for b in range(blocks)
  result[to + {{ loop.index0 }}u + {{ parts.index(p) }}u * shape.column_words] = vec4<f32>({% for i in range(4) %}w{{ 4 * b + i }}.{{ p }}{{ ", " if not loop.last }}{% endfor %});
//%   endfor
//% endfor
}
