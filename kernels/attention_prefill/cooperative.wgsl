//% param m, n, k, tiles_down, tiles_across, lanes, causal
//% from "attention_prefill/words.wgsl" import words with context
//% set down, across = m * tiles_down, n * tiles_across
//% include "attention_prefill/header.wgsl"

// Rows of {{ k }} elements of a step's left side, of its right side by columns or rows, and of its products.
var<workgroup> tile_a: array<f16, {{ down * k }}>;
var<workgroup> tile_b: array<f16, {{ across * k }}>;
var<workgroup> tile_c: array<f32, {{ down * across }}>;

//% macro zeros()
//%   for r in range(tiles_down)
//%     for w in range(tiles_across)
  var sum{{ r }}_{{ w }} = subgroup_matrix_result<f32, {{ n }}, {{ m }}>();
//%     endfor
//%   endfor
//% endmacro
{#- `width` elements of a head, from a word on, of so many tokens; zeros where there are none. -#}
//% macro stage(into, array, token, rows, head, heads, word, width)
    for (var i = lane; i < {{ rows * width // 4 }}u; i += {{ lanes }}u) {
      let token = {{ token }} + i / {{ width // 4 }}u;
      let word = {{ word }} + i % {{ width // 4 }}u;
      let at = word_of(min(token, shape.tokens - 1u), {{ head }}, {{ heads }}) + min(word, {{ words | length - 1 }}u);
      let four = select(Word(), {{ array }}[at], token < shape.tokens && word < {{ words | length }}u);
//%   for c in "xyzw"
      {{ into }}[4u * i + {{ loop.index0 }}u] = four.{{ c }};
//%   endfor
    }
//% endmacro
//% macro multiply(majorness, stride, by)
    workgroupBarrier();
//%   for r in range(tiles_down)
    let a{{ r }} = subgroupMatrixLoad<subgroup_matrix_left<f16, {{ k }}, {{ m }}>, row_major>(&tile_a, {{ r * m * k }}u, {{ k }}u);
//%   endfor
//%   for w in range(tiles_across)
    let b{{ w }} = subgroupMatrixLoad<subgroup_matrix_right<f16, {{ n }}, {{ k }}>, {{ majorness }}>(&tile_b, {{ w * n * by }}u, {{ stride }}u);
//%   endfor
//%   for r in range(tiles_down)
//%     for w in range(tiles_across)
    sum{{ r }}_{{ w }} = subgroupMatrixMultiplyAccumulate(a{{ r }}, b{{ w }}, sum{{ r }}_{{ w }});
//%     endfor
//%   endfor
//% endmacro
//% macro put()
//%   for r in range(tiles_down)
//%     for w in range(tiles_across)
  subgroupMatrixStore<row_major>(&tile_c, {{ r * m * across + w * n }}u, sum{{ r }}_{{ w }}, {{ across }}u);
//%     endfor
//%   endfor
  workgroupBarrier();
  for (var i = lane; i < {{ down * across }}u; i += {{ lanes }}u) {
    let query = first + i / {{ across }}u;
    {{ caller() | trim }}
  }
//% endmacro
@group(0) @binding(0) var<storage, read> queries: array<Word>;
@group(0) @binding(1) var<storage, read> keys: array<Word>;
@group(0) @binding(2) var<storage, read_write> scores: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ lanes }})
fn score(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.y * {{ down }}u;
  let from_key = group.x * {{ across }}u;
  {{ zeros() }}
  for (var word = 0u; word < {{ words | length }}u; word += {{ k // 4 }}u) {
    workgroupBarrier();
    {{ stage("tile_a", "queries", "first", down, "group.z", "shape.heads", "word", k) }}
    {{ stage("tile_b", "keys", "from_key", across, "group.z / (shape.heads / shape.key_heads)", "shape.key_heads", "word", k) }}
    {{ multiply("col_major", k, k) }}
  }
//% call put()
    let t = from_key + i % {{ across }}u;
    if (query < shape.tokens && t < shape.tokens) {
      scores[(group.z * shape.tokens + query) * shape.tokens + t] = tile_c[i] * shape.scale;
    }
//% endcall
}

//% include "attention_prefill/soften.wgsl"

@group(0) @binding(0) var<storage, read> values: array<Word>;
@group(0) @binding(1) var<storage, read> shares: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size({{ lanes }})
fn combine(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = group.y * {{ down }}u;
  let from_word = group.x * {{ across // 4 }}u;
  {{ zeros() }}
  for (var from_key = 0u; from_key < {{ "min(shape.tokens, first + %du)" % down if causal else "shape.tokens" }}; from_key += {{ k }}u) {
    workgroupBarrier();
    for (var i = lane; i < {{ down * k }}u; i += {{ lanes }}u) {
      let query = min(first + i / {{ k }}u, shape.tokens - 1u);
      let t = from_key + i % {{ k }}u;
      let share = shares[(group.z * shape.tokens + query) * shape.tokens + min(t, shape.tokens - 1u)];
      tile_a[i] = f16(select(0.0, share, t < {{ "query + 1u" if causal else "shape.tokens" }}));
    }
    {{ stage("tile_b", "values", "from_key", k, "group.z / (shape.heads / shape.key_heads)", "shape.key_heads", "from_word", across) }}
    {{ multiply("row_major", across, 1) }}
  }
//% call put()
    let d = 4u * from_word + i % {{ across }}u;
    if (query < shape.tokens && d < {{ 4 * words | length }}u) {
      result[4u * word_of(query, group.z, shape.heads) + d] = tile_c[i];
    }
//% endcall
}
