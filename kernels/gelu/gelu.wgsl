//% param name, directives
//% param workgroup_size, groups, unroll, order
//% from "reduce/walk.wgsl" import walk
//% from "words.wgsl" import word, wide with context
// gelu {{ name }}: y = x (1 + erf(x / sqrt 2)) / 2, a word of four elements at a time.
{{ directives }}

struct Shape {
  words: u32,
}

@group(0) @binding(0) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> shape: Shape;

//% set number = "vec4<f32>"
//% include "gelu/erf.wgsl"

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = id.x;
//% call(k, u) walk("shape.words", unroll, order)
result[{{ k }}] = gelu({{ wide("x", k) }});
//% endcall
}
