//% param workgroup_size, keys, storage, techniques
//% param split if "splitk" in techniques
//% from "attention_prefill/words.wgsl" import words, get, score, share with context
//% from "rows.wgsl" import tree, parts, together with context
//% include "attention_prefill/header.wgsl"
//% set channels = "channels" in techniques
//% set scaled = storage == "i8"
//% set splitting = "splitk" in techniques
//% set count = words | length
//% set slices = [workgroup_size // count, 1] | max
//% set own = range((count + workgroup_size - 1) // workgroup_size)
//% set chunk = workgroup_size * keys

// A workgroup has a head{{ " and one part of " ~ split ~ " of the context" if splitting }}. Of {{ chunk }} keys at a time its lanes take the
// scores, a key each, then the sum of values, a word each{{ " in " ~ slices ~ " slices" if slices > 1 }}.
@group(0) @binding(0) var<storage, read> queries: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> all_keys: array<Word>;
@group(0) @binding(2) var<storage, read> values: array<Word>;
//% if scaled
@group(0) @binding(3) var<storage, read> key_scales: array<{{ "vec4<f32>" if channels else "f32" }}>;
@group(0) @binding(4) var<storage, read> value_scales: array<f32>;
//% endif
//% set next = 5 if scaled else 3
@group(0) @binding({{ next }}) var<storage, read_write> {{ "sums" if splitting else "result" }}: array<vec4<f32>>;
//% if splitting
@group(0) @binding({{ next + 1 }}) var<storage, read_write> tops: array<vec2<f32>>;
//% endif
@group(0) @binding({{ next + (2 if splitting else 1) }}) var<uniform> shape: Shape;

var<workgroup> weights: array<f32, {{ chunk }}>;
var<workgroup> found: array<vec4<f32>, {{ slices * count }}>;
{{ parts() }}
@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//% if not tree
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//% endif
) {
  let head = group.x;
  let key_head = head / (shape.heads / shape.key_heads);
//% if splitting
  let span = (shape.tokens + {{ split - 1 }}u) / {{ split }}u;
  let first = group.y * span;
  let past = min(first + span, shape.tokens);
//% else
  let first = 0u;
  let past = shape.tokens;
//% endif
//% for j in words
  let q{{ j }} = queries[head * {{ count }}u + {{ j }}u] * shape.scale{{ " * key_scales[key_head * %du + %du]" % (count, j) if channels }};
//% endfor
  let slice = {{ "lane / " ~ count ~ "u" if slices > 1 else "0u" }};
//% for m in own
  let word{{ m }} = {{ "lane % " ~ count ~ "u" if slices > 1 else "min(lane + " ~ m * workgroup_size ~ "u, " ~ (count - 1) ~ "u)" }};
  var c{{ m }} = vec4<f32>();
//% endfor
  var top = LEAST;
  var total = 0.0;
  for (var start = first; start < past; start += {{ chunk }}u) {
//% for i in range(keys)
    let t{{ i }} = start + lane + {{ i * workgroup_size }}u;
    var s{{ i }} = LEAST;
    if (t{{ i }} < past) {
      let k = word_of(t{{ i }}, key_head, shape.key_heads);
//%   for j in words
      let k{{ j }} = {{ get("all_keys[k + " ~ j ~ "u]") }};
//%   endfor
      s{{ i }} = {{ "key_scales[t" ~ i ~ " * shape.key_heads + key_head] * (" if scaled and not channels }}{{ score("q") }}{{ ")" if scaled and not channels }};
    }
//% endfor
    var own_top = s0;
//% for i in range(1, keys)
    own_top = max(own_top, s{{ i }});
//% endfor
    {{ together("chunk_top", "own_top", true) }}
    let next = max(top, chunk_top);
    let kept = exp(top - next);
    top = next;
    total *= kept;
//% for i in range(keys)
    let p{{ i }} = exp(s{{ i }} - next);
    total += p{{ i }};
    weights[lane + {{ i * workgroup_size }}u] = p{{ i }}{{ " * value_scales[min(t" ~ i ~ ", past - 1u) * shape.key_heads + key_head]" if scaled }};
//% endfor
    workgroupBarrier();
//% for m in own
    c{{ m }} *= kept;
//% endfor
//% set turn = "min(" ~ chunk ~ "u, past - start)"
    let turn = {{ "select(0u, " ~ turn ~ ", slice < " ~ slices ~ "u)" if slices > 1 else turn }};
    for (var i = slice; i < turn; i += {{ slices }}u) {
      let v = word_of(start + i, key_head, shape.key_heads);
      let p = weights[i];
//% for m in own
      let v{{ m }} = {{ get("values[v + word" ~ m ~ "]") }};
      c{{ m }} += {{ share("p", "v" ~ m) }};
//% endfor
    }
    workgroupBarrier();
  }
  {{ together("sum", "total") }}
//% include "attention_decode/ending.wgsl"
}
//% if splitting
//%   include "attention_decode/merge.wgsl"
//% endif
