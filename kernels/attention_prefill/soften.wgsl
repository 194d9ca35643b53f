//% param workgroup_size, causal
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
  let end = {{ "query + 1u" if causal else "of_weights.tokens" }};
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
