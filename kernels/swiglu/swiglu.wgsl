//% param name, techniques, directives
//% param workgroup_size, groups, unroll, order
//% from "reduce/walk.wgsl" import walk
//% from "words.wgsl" import word, wide with context
//% set apart = "apart" in techniques
// swiglu {{ name }}: y = gate sigmoid(gate) up, a word of four elements at a time{{ ", in two passes" if apart }}.
{{ directives }}

struct Shape {
  words: u32,
}

@group(0) @binding(0) var<storage, read> gate: array<{{ word }}>;
@group(0) @binding(1) var<storage, read> up: array<{{ word }}>;
//% if apart
@group(0) @binding(2) var<storage, read_write> partial: array<vec4<f32>>;
//% endif
@group(0) @binding({{ 3 if apart else 2 }}) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding({{ 4 if apart else 3 }}) var<uniform> shape: Shape;

// exp of more than 80 may be beyond f32, and a sigmoid so small is nothing beside the others.
fn silu(x: vec4<f32>) -> vec4<f32> {
  return x / (1.0 + exp(min(-x, vec4<f32>(80.0))));
}

{#- A pass that runs a statement for each word, which it calls @. -#}
//% macro entry(name, statement)

@compute @workgroup_size({{ workgroup_size }})
fn {{ name }}(@builtin(global_invocation_id) id: vec3<u32>) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = id.x;
//%   call(k, u) walk("shape.words", unroll, order)
{{ statement | replace("@", k) }}
//%   endcall
}
//% endmacro
//% if apart
{{ entry("main", "partial[@] = silu(" ~ wide("gate", "@") ~ ");") }}
{{ entry("finish", "result[@] = partial[@] * " ~ wide("up", "@") ~ ";") }}
//% else
{{ entry("main", "result[@] = silu(" ~ wide("gate", "@") ~ ") * " ~ wide("up", "@") ~ ";") }}
//% endif
