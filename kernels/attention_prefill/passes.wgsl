//% param head_size, workgroup_size, causal
//% set words = range((head_size + 3) // 4)
//% set end = "query + 1u" if causal else "shape.tokens"
//% include "attention_prefill/header.wgsl"

@group(0) @binding(0) var<storage, read> queries: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> keys: array<vec4<f32>>;
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
  let q{{ j }} = queries[at + {{ j }}u] * shape.scale;
//% endfor
  let row = (id.y * shape.tokens + query) * shape.tokens;
  for (var t = 0u; t < {{ end }}; t++) {
    let k = word_of(t, id.y / (shape.heads / shape.key_heads), shape.key_heads);
    scores[row + t] = {% for j in words %}dot(q{{ j }}, keys[k + {{ j }}u]){{ " + " if not loop.last }}{% endfor %};
  }
}

// The softmax of each row of scores, where they lie.
@group(0) @binding(0) var<storage, read_write> weights: array<f32>;
@group(0) @binding(1) var<uniform> of_weights: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn soften(@builtin(global_invocation_id) id: vec3<u32>) {
  let query = id.x;
  if (query >= of_weights.tokens) {
    return;
  }
  let row = (id.y * of_weights.tokens + query) * of_weights.tokens;
  let end = {{ end | replace("shape", "of_weights") }};
  var top = LEAST;
  for (var t = 0u; t < end; t++) {
    top = max(top, weights[row + t]);
  }
  var total = 0.0;
  for (var t = 0u; t < end; t++) {
    let p = exp(weights[row + t] - top);
    weights[row + t] = p;
    total += p;
  }
  for (var t = 0u; t < end; t++) {
    weights[row + t] /= total;
  }
}

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
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
    c{{ j }} += p * values[v + {{ j }}u];
//% endfor
  }
  let at = word_of(query, id.y, shape.heads);
//% for j in words
  result[at + {{ j }}u] = c{{ j }};
//% endfor
}
