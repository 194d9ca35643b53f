//% param workgroup_size, causal
//% from "attention_prefill/words.wgsl" import words, get, scaled, score, share with context
//% set end = "query + 1u" if causal else "shape.tokens"
//% include "attention_prefill/header.wgsl"

@group(0) @binding(0) var<storage, read> queries: array<Word>;
@group(0) @binding(1) var<storage, read> keys: array<Word>;
@group(0) @binding(2) var<storage, read_write> scores: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn score(@builtin(global_invocation_id) id: vec3<u32>) {
  let query = id.x;
  if (query >= shape.tokens) {
    return;
  }
  let at = word_of(query, id.y, shape.heads);
//% for j in words
  let q{{ j }} = {{ scaled("queries[at + " ~ j ~ "u]") }};
//% endfor
  let row = (id.y * shape.tokens + query) * shape.tokens;
  for (var t = 0u; t < {{ end }}; t++) {
    let k = word_of(t, id.y / (shape.heads / shape.key_heads), shape.key_heads);
//% for j in words
    let k{{ j }} = {{ get("keys[k + " ~ j ~ "u]") }};
//% endfor
    scores[row + t] = {{ score("q") }};
  }
}

//% include "attention_prefill/soften.wgsl"

@group(0) @binding(0) var<storage, read> values: array<Word>;
@group(0) @binding(1) var<storage, read> shares: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;

@compute @workgroup_size({{ workgroup_size }})
fn combine(@builtin(global_invocation_id) id: vec3<u32>) {
  let query = id.x;
  if (query >= shape.tokens) {
    return;
  }
  let row = (id.y * shape.tokens + query) * shape.tokens;
//% for j in words
  var c{{ j }} = vec4<f32>();
//% endfor
  for (var t = 0u; t < {{ end }}; t++) {
    let v = word_of(t, id.y / (shape.heads / shape.key_heads), shape.key_heads);
    let p = shares[row + t];
//% for j in words
    c{{ j }} += {{ share("p", get("values[v + " ~ j ~ "u]")) }};
//% endfor
  }
  let at = word_of(query, id.y, shape.heads);
//% for j in words
  result[at + {{ j }}u] = c{{ j }};
//% endfor
}
