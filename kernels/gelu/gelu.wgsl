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

// Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most.
fn gelu(x: vec4<f32>) -> vec4<f32> {
  let a = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + 0.3275911 * a);
  let p = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * x * (1.0 + sign(x) * (1.0 - p * exp(-a * a)));
}

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = id.x;
//% call(k, u) walk("shape.words", unroll, order)
result[{{ k }}] = gelu({{ wide("x", k) }});
//% endcall
}
