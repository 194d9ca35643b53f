//% param directives, storage, techniques, splits
//% from "matvec/words.wgsl" import types, word, vector_word, sum_type with context
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // words of {{ word }} per row; rows are padded with zeros
//% if storage in ("u8", "i8")
  scale: f32,
//% endif
//% if types == "u8-f32"
  zero: f32,  // what the zero point 128 of the weights adds to every row
//% endif
}

//% set binding = namespace(next=2)
@group(0) @binding(0) var<storage, read> matrix: array<{{ word }}>;
@group(0) @binding(1) var<storage, read> vector: array<{{ vector_word }}>;
//% if types == "u8-u8"
// What the zero points add to each row. The u32 sum may wrap; adding this modulo 2^32 still gives the exact
// signed sum, because that one stays below 2^31 up to 131071 columns.
@group(0) @binding(2) var<storage, read> zero: array<i32>;
//%   set binding.next = 3
//% elif "channels" in techniques
@group(0) @binding(2) var<storage, read> row_scales: array<f32>;
//%   set binding.next = 3
//% endif
//% if splits
@group(0) @binding({{ binding.next }}) var<storage, read_write> partial: array<{{ sum_type }}>;
//%   set binding.next = binding.next + 1
//% endif
@group(0) @binding({{ binding.next }}) var<storage, read_write> result: array<f32>;
@group(0) @binding({{ binding.next + 1 }}) var<uniform> shape: Shape;
