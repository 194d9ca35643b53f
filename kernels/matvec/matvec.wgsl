// matvec {{ name }}: y = A x. Each thread walks {{ rows_per_thread }} rows, a word of each at a time.

//% if compute == "f16"
enable f16;

//% elif compute == "u8"
requires packed_4x8_integer_dot_product;

//% endif
//% if storage == "f32"
//%   set word = "vec4<f32>"
//% elif compute == "f16"
//%   set word = "vec4<f16>"
//% else
//%   set word = "vec4<u32>"
//% endif
//% if compute == "u8"
//%   set vector_word = "vec4<u32>"
//% else
//%   set vector_word = "vec4<" ~ compute ~ ">"
//% endif
struct Shape {
  rows: u32,
  words: u32,  // words of {{ word }} per row; rows are padded with zeros
//% if storage == "u8"
  scale: f32,
//% endif
//% if storage == "u8" and compute == "f32"
  zero: f32,  // what the zero point 128 of the weights adds to every row
//% endif
}

@group(0) @binding(0) var<storage, read> matrix: array<{{ word }}>;
@group(0) @binding(1) var<storage, read> vector: array<{{ vector_word }}>;
//% if compute == "u8"
@group(0) @binding(2) var<storage, read> zero: array<i32>;  // per row: what the zero points add
@group(0) @binding(3) var<storage, read_write> result: array<f32>;
@group(0) @binding(4) var<uniform> shape: Shape;

//% else
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

//% endif
@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = id.x * {{ rows_per_thread }}u;
  if (first >= shape.rows) {
    return;
  }
//% for r in range(rows_per_thread)
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u) * shape.words;
  var sum{{ r }} = {{ "0u" if compute == "u8" else "0.0" }};
//% endfor
  for (var k = 0u; k < shape.words; k++) {
//% if storage == "f32"
    let x = vector[k];
//%   for r in range(rows_per_thread)
    sum{{ r }} += dot(matrix[row{{ r }} + k], x);
//%   endfor
//% elif compute == "f16"
    // Four products add up in f16, then the sum goes on in f32: a longer f16 sum would lose the answer.
    let x = vector[k];
//%   for r in range(rows_per_thread)
    sum{{ r }} += f32(dot(matrix[row{{ r }} + k], x));
//%   endfor
//% elif storage == "f16"
    let x0 = vector[2u * k];
    let x1 = vector[2u * k + 1u];
//%   for r in range(rows_per_thread)
    let a{{ r }} = matrix[row{{ r }} + k];
    sum{{ r }} += dot(vec4<f32>(unpack2x16float(a{{ r }}.x), unpack2x16float(a{{ r }}.y)), x0)
      + dot(vec4<f32>(unpack2x16float(a{{ r }}.z), unpack2x16float(a{{ r }}.w)), x1);
//%   endfor
//% elif compute == "f32"
//%   for i in range(4)
    let x{{ i }} = vector[4u * k + {{ i }}u];
//%   endfor
//%   for r in range(rows_per_thread)
    let a{{ r }} = matrix[row{{ r }} + k];
    sum{{ r }} += dot(vec4<f32>(unpack4xU8(a{{ r }}.x)), x0) + dot(vec4<f32>(unpack4xU8(a{{ r }}.y)), x1)
      + dot(vec4<f32>(unpack4xU8(a{{ r }}.z)), x2) + dot(vec4<f32>(unpack4xU8(a{{ r }}.w)), x3);
//%   endfor
//% else
    let x = vector[k];
//%   for r in range(rows_per_thread)
    let a{{ r }} = matrix[row{{ r }} + k];
    sum{{ r }} += dot4U8Packed(a{{ r }}.x, x.x) + dot4U8Packed(a{{ r }}.y, x.y)
      + dot4U8Packed(a{{ r }}.z, x.z) + dot4U8Packed(a{{ r }}.w, x.w);
//%   endfor
//% endif
  }
//% for r in range(rows_per_thread)
  if (first + {{ r }}u < shape.rows) {
//%   if compute == "u8"
    // The u32 sum may wrap; adding the zero-point terms modulo 2^32 still gives the exact signed sum,
    // because that one stays below 2^31 up to 131071 columns.
    result[first + {{ r }}u] = shape.scale * f32(bitcast<i32>(sum{{ r }}) + zero[first + {{ r }}u]);
//%   elif storage == "u8"
    result[first + {{ r }}u] = shape.scale * (sum{{ r }} + shape.zero);
//%   else
    result[first + {{ r }}u] = sum{{ r }};
//%   endif
  }
//% endfor
}
