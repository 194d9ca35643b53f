//% param directives, compute, format, techniques, several
{{ directives }}

struct Shape {
  rows: u32,
  blocks: u32,  // of 32 weights in a row; rows are padded with zeros
//% if several
  tokens: u32,  // vectors, one after the other
  columns: u32,  // of the answer: the rows of all weights, some of which a run may have
//% endif
}

//% set binding = namespace(next=1)
@group(0) @binding(0) var<storage, read> codes: array<{{ "u32" if format in ("q4_0", "q8_0") else "vec4<u32>" }}>;
//% if format in ("q4f16_1", "nbits")
@group(0) @binding(1) var<storage, read> scales: array<{{ "vec4<u32>" if "swizzle" in techniques else "u32" }}>;
//%   set binding.next = 2
//% endif
//% if compute == "i8"
// Two words of a block of activations, and its scale with its sum{{ ", for two blocks" if "swizzle" in techniques }}.
@group(0) @binding({{ binding.next }}) var<storage, read> vector: array<vec4<u32>>;
@group(0) @binding({{ binding.next + 1 }}) var<storage, read> vector_scales: array<{{ "vec4<f32>" if "swizzle" in techniques else "vec2<f32>" }}>;
//%   set binding.next = binding.next + 1
//% else
@group(0) @binding({{ binding.next }}) var<storage, read> vector: array<vec4<{{ compute }}>>;
//% endif
@group(0) @binding({{ binding.next + 1 }}) var<storage, read_write> result: array<f32>;
@group(0) @binding({{ binding.next + 2 }}) var<uniform> shape: Shape;

//% include "q4_matvec/formats.wgsl"
