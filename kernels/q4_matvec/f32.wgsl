//% param name
//% param rows_per_thread, workgroup_size
//% set rows = range(rows_per_thread)
// q4-matvec {{ name }}: y = A x. Each thread walks {{ rows_per_thread }} rows, a word of each at a time.

struct Shape {
  rows: u32,
  words: u32,  // of four weights in a row; rows are padded with zeros
}

@group(0) @binding(0) var<storage, read> matrix: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> vector: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = id.x * {{ rows_per_thread }}u;
//% for r in rows
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u) * shape.words;
  var sum{{ r }} = 0.0;
//% endfor
  for (var k = 0u; k < shape.words; k++) {
    let x = vector[k];
//% for r in rows
    sum{{ r }} += dot(matrix[row{{ r }} + k], x);
//% endfor
  }
//% for r in rows
  if (first + {{ r }}u < shape.rows) {
    result[first + {{ r }}u] = sum{{ r }};
  }
//% endfor
}
