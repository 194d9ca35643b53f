//% param directives, techniques, wide, splits
//% param ending if "fused" in techniques or "apart" in techniques
//% from "matmul/words.wgsl" import dot4, channels, fused, implicit, a_element, a_word, b_word, sum_type with context
{{ directives }}
//% set number = "vec4<f32>" if wide else "f32"

struct Shape {
  rows: u32,
  columns: u32,  // of C{{ ", in words of four" if wide }}
  depth: u32,  // of A's rows, {{ "in words of four" if wide or dot4 else "in elements" }}
//% if dot4 and not channels
  scale: f32,
//% endif
//% if implicit
  height: u32,  // of the image that the rows of A are windows of
  width: u32,
  channels: u32,  // in words of four
//% endif
}

@group(0) @binding(0) var<storage, read> a: array<{{ a_word if wide else a_element }}>;
@group(0) @binding(1) var<storage, read> b: array<{{ b_word if wide else a_element }}>;
//% if channels
@group(0) @binding(2) var<storage, read> row_scales: array<f32>;
@group(0) @binding(3) var<storage, read> column_scales: array<vec4<f32>>;
//% elif dot4
// What the zero points 128 add to the plain sum of products; u32 sums may wrap, the total below is exact.
@group(0) @binding(2) var<storage, read> row_zero: array<i32>;
@group(0) @binding(3) var<storage, read> column_zero: array<{{ "vec4<i32>" if wide else "i32" }}>;
//% endif
//% set next = 4 if dot4 else 2
//% if fused
//%   include "linear/bindings.wgsl"
//%   set next = next + ending % 2 + ending % 10 // 2
//% endif
//% if splits
@group(0) @binding({{ next }}) var<storage, read_write> partial: array<vec4<{{ sum_type }}>>;
//%   set next = next + 1
//% endif
@group(0) @binding({{ next }}) var<storage, read_write> c: array<{{ number }}>;
@group(0) @binding({{ next + 1 }}) var<uniform> shape: Shape;
//% if fused or "apart" in techniques
//%   include "linear/ending.wgsl"
//% endif
//% if implicit
//%   set word, image, sizes = a_word, "a", "shape"

//%   include "conv2d/window.wgsl"
//% endif
