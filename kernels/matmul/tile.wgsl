//% from "matmul/words.wgsl" import multiply, finished, dot4, a_word, b_word, sum_type, b_rows with context
//% set wide = true
//% set rows = range(tile_rows)
//% set words = tile_columns // 4
//% set blocked = "swizzle" in techniques
//% set staged = "shared" in techniques
//% set block_rows = tile_rows * workgroup_y
//% set block_words = words * workgroup_x
//% set threads = workgroup_x * workgroup_y
// matmul {{ name }}: C = A B. A thread computes {{ tile_rows }} x {{ tile_columns }} elements; all loops over them are unrolled.
//% if blocked
// Swizzled: A and B lie in blocks of one thread's rows and columns; workgroups go down {{ group_rows }} rows before they go right.
//% endif
//% if staged
// Shared: a workgroup stages {{ block_rows }} rows of A and {{ 4 * block_words }} columns of B, {{ 4 * stage }} deep.
//% elif "subgroup" in techniques
// Subgroup: the lanes share their rows of A; each loads one word of a row and hands it to the others in turn.
//% endif
//% include "matmul/header.wgsl"
//% if staged

var<workgroup> tile_a: array<{{ a_word }}, {{ block_rows * stage }}>;
var<workgroup> tile_b: array<{{ b_word }}, {{ b_rows * stage * block_words }}>;
//% endif

//% macro multiply_all()
//%   for r in rows
//%     for w in range(words)
{{ multiply("sum" ~ r ~ "_" ~ w, "a" ~ r, "b" ~ w) }}
//%     endfor
//%   endfor
//%- endmacro
//% macro load_b(k)
//%   for w in range(words)
//%     for j in range(b_rows)
//%       if staged
let b{{ w }}_{{ j }} = tile_b[({{ b_rows }}u * {{ k }} + {{ j }}u) * {{ block_words }}u + {{ w * workgroup_x }}u + local.x];
//%       elif blocked
let b{{ w }}_{{ j }} = b[b_base + {{ words * b_rows }}u * ({{ k }}) + {{ j * words + w }}u];
//%       else
let b{{ w }}_{{ j }} = b[({{ b_rows }}u * ({{ k }}) + {{ j }}u) * shape.columns + word{{ w }}];
//%       endif
//%     endfor
//%   endfor
//%- endmacro
//% macro a_at(r, k)
{{ "a_base + " ~ tile_rows ~ "u * (" ~ k ~ ") + " ~ r ~ "u" if blocked else "row" ~ r ~ " + " ~ k -}}
//% endmacro
@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
//% if staged
  @builtin(local_invocation_index) lane: u32,
//% elif "subgroup" in techniques
  @builtin(subgroup_size) subgroup_size: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//% endif
) {
//% if blocked
  // Neighbouring workgroups in time share blocks of B and of A while these are still in the cache.
  let order = workgroup.y * workgroups.x + workgroup.x;
  let band = order / ({{ group_rows }}u * workgroups.x);
  let band_rows = min({{ group_rows }}u, workgroups.y - band * {{ group_rows }}u);
  let within = order - band * {{ group_rows }}u * workgroups.x;
  let group_row = band * {{ group_rows }}u + within % band_rows;
  let group_column = within / band_rows;
//% else
  let group_row = workgroup.y;
  let group_column = workgroup.x;
//% endif
//% if workgroup_y > 1
  let first = (group_row * {{ workgroup_y }}u + local.y) * {{ tile_rows }}u;
//% else
  let first = group_row * {{ tile_rows }}u;
//% endif
//% if blocked
  let tile_column = group_column * {{ workgroup_x }}u + local.x;
  let a_base = first * shape.depth;
  let b_base = tile_column * shape.depth * {{ words * b_rows }}u;
//% endif
//% for w in range(words)
//%   if blocked
  let word{{ w }} = tile_column * {{ words }}u + {{ w }}u;
//%   else
  let word{{ w }} = group_column * {{ block_words }}u + {{ w * workgroup_x }}u + local.x;
//%   endif
//% endfor
//% for r in rows
//%   if not (blocked or staged)
  let row{{ r }} = (first + {{ r }}u) * shape.depth;
//%   endif
//%   for w in range(words)
  var sum{{ r }}_{{ w }} = vec4<{{ sum_type }}>();
//%   endfor
//% endfor
//% if staged
  for (var k = 0u; k < shape.depth; k += {{ stage }}u) {
    workgroupBarrier();
//%   for i in range(0, block_rows * stage, threads)
//%     set whole = i + threads <= block_rows * stage
{{ "if (lane + " ~ i ~ "u < " ~ block_rows * stage ~ "u) {" if not whole }}
    {
      let at = lane + {{ i }}u;
      tile_a[at] = a[(group_row * {{ block_rows }}u + at / {{ stage }}u) * shape.depth + k + at % {{ stage }}u];
    }
{{ "}" if not whole }}
//%   endfor
//%   for i in range(0, b_rows * stage * block_words, threads)
//%     set whole = i + threads <= b_rows * stage * block_words
{{ "if (lane + " ~ i ~ "u < " ~ b_rows * stage * block_words ~ "u) {" if not whole }}
    {
      let at = lane + {{ i }}u;
      tile_b[at] = b[({{ b_rows }}u * k + at / {{ block_words }}u) * shape.columns + group_column * {{ block_words }}u + at % {{ block_words }}u];
    }
{{ "}" if not whole }}
//%   endfor
    workgroupBarrier();
//%   for s in range(stage)
    {
//%     for r in rows
      let a{{ r }} = tile_a[(local.y * {{ tile_rows }}u + {{ r }}u) * {{ stage }}u + {{ s }}u];
//%     endfor
      {{ load_b(s ~ "u") }}
      {{ multiply_all() }}
    }
//%   endfor
  }
//% elif "subgroup" in techniques
  // A workgroup smaller than the hardware's subgroup fills only part of one.
  let lanes = min(subgroup_size, {{ threads }}u);
  for (var tile = 0u; tile < shape.depth; tile += lanes) {
    let mine = min(tile + subgroup_lane, shape.depth - 1u);
//%   for r in rows
    let mine{{ r }} = a[{{ a_at(r, "mine") }}];
//%   endfor
    let count = min(lanes, shape.depth - tile);
    for (var i = 0u; i < count; i++) {
      let k = tile + i;
//%   for r in rows
      let a{{ r }} = subgroupShuffle(mine{{ r }}, i);
//%   endfor
      {{ load_b("k") }}
      {{ multiply_all() }}
    }
  }
//% else
  for (var k = 0u; k < shape.depth; k++) {
//%   for r in rows
    let a{{ r }} = a[{{ a_at(r, "k") }}];
//%   endfor
    {{ load_b("k") }}
    {{ multiply_all() }}
  }
//% endif
//% for r in rows
//%   for w in range(words)
  c[(first + {{ r }}u) * shape.columns + word{{ w }}] = {{ finished("sum" ~ r ~ "_" ~ w, "first + " ~ r ~ "u", "word" ~ w) }};
//%   endfor
//% endfor
}
