//% param head_size, queries, workgroup_size, causal
//% set words = range((head_size + 3) // 4)
//% set own = range(queries)
//% include "attention_prefill/header.wgsl"

@group(0) @binding(0) var<storage, read> all_queries: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> keys: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = id.x * {{ queries }}u;
  let head = id.y;
  let key_head = head / (shape.heads / shape.key_heads);
//% for a in own
  let at{{ a }} = word_of(min(first + {{ a }}u, shape.tokens - 1u), head, shape.heads);
  var top{{ a }} = LEAST;
  var total{{ a }} = 0.0;
//%   for j in words
  let q{{ a }}_{{ j }} = all_queries[at{{ a }} + {{ j }}u] * shape.scale;
  var c{{ a }}_{{ j }} = vec4<f32>();
//%   endfor
//% endfor
  let end = {{ "min(first + " ~ queries ~ "u, shape.tokens)" if causal else "shape.tokens" }};
  for (var t = 0u; t < end; t++) {
    let k = word_of(t, key_head, shape.key_heads);
//% for j in words
    let k{{ j }} = keys[k + {{ j }}u];
//% endfor
//% for a in own
    let raw{{ a }} = {% for j in words %}dot(q{{ a }}_{{ j }}, k{{ j }}){{ " + " if not loop.last }}{% endfor %};
//%   if causal and a < queries - 1
    let s{{ a }} = select(raw{{ a }}, LEAST, t > first + {{ a }}u);
//%   else
    let s{{ a }} = raw{{ a }};
//%   endif
    let next{{ a }} = max(top{{ a }}, s{{ a }});
    let kept{{ a }} = exp(top{{ a }} - next{{ a }});
    let p{{ a }} = exp(s{{ a }} - next{{ a }});
    total{{ a }} = total{{ a }} * kept{{ a }} + p{{ a }};
    top{{ a }} = next{{ a }};
//% endfor
//% for j in words
    let v{{ j }} = values[k + {{ j }}u];
//%   for a in own
    c{{ a }}_{{ j }} = c{{ a }}_{{ j }} * kept{{ a }} + p{{ a }} * v{{ j }};
//%   endfor
//% endfor
  }
//% for a in own
  if (first + {{ a }}u < shape.tokens) {
//%   for j in words
    result[at{{ a }} + {{ j }}u] = c{{ a }}_{{ j }} / total{{ a }};
//%   endfor
  }
//% endfor
}
