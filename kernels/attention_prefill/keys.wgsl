{#- How a thread comes by each key and value: from memory, from a stage of them in workgroup memory (`shared`), or from
   the lane of its subgroup that loaded it. Imported `with context`. -#}
//% param head_size, workgroup_size, queries, techniques
//% param causal
//% param stage if "shared" in techniques
//% from "attention_prefill/words.wgsl" import get with context
//% set words = (head_size + 3) // 4
//% set shared, passed = "shared" in techniques, "subgroup" in techniques
//% set together = shared or passed
//% set span = workgroup_size * queries
{#- Before main: the stage. -#}
//% macro places()
//% if shared

var<workgroup> stage_keys: array<Word, {{ stage * words }}>;
var<workgroup> stage_values: array<Word, {{ stage * words }}>;
//% endif
//% endmacro
//% macro arguments()
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//% if passed
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
  @builtin(subgroup_size) subgroup_size: u32,
//% endif
//% endmacro
{#- The block for every key t that this thread sees, or if they are taken together, its workgroup. -#}
//% macro each()
//% set end = "group.x * " ~ span ~ "u + " ~ span ~ "u" if together else "first + " ~ queries ~ "u"
  let end = {{ "min(" ~ end ~ ", shape.tokens)" if causal else "shape.tokens" }};
//% if not together
  for (var t = 0u; t < end; t++) {
    let k = word_of(t, key_head, shape.key_heads);
    {{ caller() | trim }}
  }
//% elif shared
  for (var from_key = 0u; from_key < end; from_key += {{ stage }}u) {
    for (var i = lane; i < {{ stage * words }}u; i += {{ workgroup_size }}u) {
      let at = word_of(min(from_key + i / {{ words }}u, shape.tokens - 1u), key_head, shape.key_heads) + i % {{ words }}u;
      stage_keys[i] = keys[at];
      stage_values[i] = values[at];
    }
    workgroupBarrier();
    let past = min(from_key + {{ stage }}u, end);
    for (var t = from_key; t < past; t++) {
      let k = (t - from_key) * {{ words }}u;
      {{ caller() | trim }}
    }
    workgroupBarrier();
  }
//% else
  // Where a subgroup is larger than the workgroup, the lanes beyond have loaded nothing.
  let lanes = min(subgroup_size, {{ workgroup_size }}u);
  for (var from_key = 0u; from_key < end; from_key += lanes) {
    let k = word_of(min(from_key + subgroup_lane, shape.tokens - 1u), key_head, shape.key_heads);
//%   for j in range(words)
    let own_key{{ j }} = keys[k + {{ j }}u];
    let own_value{{ j }} = values[k + {{ j }}u];
//%   endfor
    let past = min(from_key + lanes, end);
    for (var t = from_key; t < past; t++) {
      {{ caller() | trim }}
    }
  }
//% endif
//% endmacro
{#- Word j of key, or of value, t. -#}
//% macro word(what, j)
//% if passed
{{ get("subgroupShuffle(own_" ~ what ~ j ~ ", t - from_key)") -}}
//% else
{{ get(("stage_" if shared) ~ what ~ "s[k + " ~ j ~ "u]") -}}
//% endif
//% endmacro
