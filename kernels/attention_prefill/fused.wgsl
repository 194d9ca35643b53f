//% param queries, workgroup_size, causal
//% from "attention_prefill/words.wgsl" import words, get, scaled, score, share with context
//% from "attention_prefill/keys.wgsl" import together, places, arguments, each, word with context
//% set own = range(queries)
//% include "attention_prefill/header.wgsl"

@group(0) @binding(0) var<storage, read> all_queries: array<Word>;
@group(0) @binding(1) var<storage, read> keys: array<Word>;
@group(0) @binding(2) var<storage, read> values: array<Word>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> shape: Shape;
{{ places() }}
@compute @workgroup_size({{ workgroup_size }})
fn main(
{{ arguments() }}
) {
  let first = (group.x * {{ workgroup_size }}u + lane) * {{ queries }}u;
  let head = group.y;
  let key_head = head / (shape.heads / shape.key_heads);
//% for a in own
  let at{{ a }} = word_of(min(first + {{ a }}u, shape.tokens - 1u), head, shape.heads);
  var top{{ a }} = LEAST;
  var total{{ a }} = 0.0;
//%   for j in words
  let q{{ a }}_{{ j }} = {{ scaled("all_queries[at" ~ a ~ " + " ~ j ~ "u]") }};
  var c{{ a }}_{{ j }} = vec4<f32>();
//%   endfor
//% endfor
//% call each()
//%   for j in words
    let k{{ j }} = {{ word("key", j) }};
//%   endfor
//%   for a in own
    let raw{{ a }} = {{ score("q" ~ a ~ "_") }};
//%     if causal and (together or a < queries - 1)
    let s{{ a }} = select(raw{{ a }}, LEAST, t > first + {{ a }}u);
//%     else
    let s{{ a }} = raw{{ a }};
//%     endif
    let next{{ a }} = max(top{{ a }}, s{{ a }});
    let kept{{ a }} = exp(top{{ a }} - next{{ a }});
    let p{{ a }} = exp(s{{ a }} - next{{ a }});
    total{{ a }} = total{{ a }} * kept{{ a }} + p{{ a }};
    top{{ a }} = next{{ a }};
//%   endfor
//%   for j in words
    let v{{ j }} = {{ word("value", j) }};
//%     for a in own
    c{{ a }}_{{ j }} = c{{ a }}_{{ j }} * kept{{ a }} + {{ share("p" ~ a, "v" ~ j) }};
//%     endfor
//%   endfor
//% endcall
//% for a in own
  if (first + {{ a }}u < shape.tokens) {
//%   for j in words
    result[at{{ a }} + {{ j }}u] = c{{ a }}_{{ j }} / total{{ a }};
//%   endfor
  }
//% endfor
}
