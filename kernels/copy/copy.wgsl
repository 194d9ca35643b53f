//% param name
//% param workgroup_size, groups, vector_width, unroll, order
//% from "reduce/walk.wgsl" import walk
//% set word = {1: "f32", 2: "vec2<f32>", 4: "vec4<f32>"}[vector_width]
// copy {{ name }}: out = in, a word of {{ vector_width }} at a time.

struct Shape {
  words: u32,
}

@group(0) @binding(0) var<storage, read> source: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> result: array<{{ word }}>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = id.x;
//% call(k, u) walk("shape.words", unroll, order)
result[{{ k }}] = source[{{ k }}];
//% endcall
}
