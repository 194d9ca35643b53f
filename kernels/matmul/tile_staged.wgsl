//% param name, techniques
//% param tile_rows, tile_columns, workgroup_x, workgroup_y, stage, buffers
//% param split if "splitk" in techniques
//% from "matmul/words.wgsl" import a_word, b_word, b_rows with context
//% from "matmul/sums.wgsl" import rows, words, zeros, multiply_all, store_all, add_parts with context
//% from "matmul/staging.wgsl" import block_rows, block_words, places, fetch, keep with context
//% set wide = true
//% set splits = "splitk" in techniques
// matmul {{ name }}: C = A B. A thread computes {{ tile_rows }} x {{ tile_columns }} elements; all loops over them are unrolled.
// Shared: a workgroup stages {{ block_rows }} rows of A and {{ 4 * block_words }} columns of B, {{ 4 * stage }} deep.
//% if buffers > 1
// The next stage is fetched into registers while this one is multiplied, then stored in the other buffer.
//% endif
//% if splits
// Split-K: {{ split }} workgroups share the depth; a second pass adds their parts.
//% endif
//% include "matmul/header.wgsl"

// Arrays of arrays, a row for each word of a thread: what the compiler knows of an index needs no check.
var<workgroup> tile_a: array<array<array<{{ a_word }}, {{ workgroup_y }}>, {{ tile_rows * stage }}>, {{ buffers }}>;
var<workgroup> tile_b: array<array<array<{{ b_word }}, {{ workgroup_x }}>, {{ words * b_rows * stage }}>, {{ buffers }}>;

//% macro multiply(buffer)
//%   for s in range(stage)
{
//%     for r in rows
let a{{ r }} = tile_a[{{ buffer }}][{{ r * stage + s }}u][local.y];
//%     endfor
//%     for w in range(words)
//%       for j in range(b_rows)
let b{{ w }}_{{ j }} = tile_b[{{ buffer }}][{{ (b_rows * s + j) * words + w }}u][local.x];
//%       endfor
//%     endfor
{{ multiply_all() }}
}
//%   endfor
//% endmacro
@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let depth = shape.depth;
  let columns = shape.columns;
  let first = (workgroup.y * {{ workgroup_y }}u + local.y) * {{ tile_rows }}u;
//% for w in range(words)
  let word{{ w }} = workgroup.x * {{ block_words }}u + {{ w * workgroup_x }}u + local.x;
//% endfor
  {{ places() }}
//% for r in rows
  {{ zeros(r) | trim }}
//% endfor
//% if splits
  let share = depth / {{ split }}u;
  let start = workgroup.z * share;
  let end = start + share;
//% else
  let start = 0u;
  let end = depth;
//% endif
//% if buffers > 1
  {{ fetch("start") }}
  {{ keep("0u") }}
  workgroupBarrier();
  for (var k = start; k < end; k += {{ stage }}u) {
    let buffer = (k - start) / {{ stage }}u % 2u;
    // The last stage fetches itself once more, in vain, which costs less than asking.
    let next = min(k + {{ stage }}u, end - {{ stage }}u);
    {{ fetch("next") }}
    {{ multiply("buffer") }}
    {{ keep("1u - buffer") }}
    workgroupBarrier();
  }
//% else
  for (var k = start; k < end; k += {{ stage }}u) {
    {{ fetch("k") }}
    workgroupBarrier();
    {{ keep("0u") }}
    workgroupBarrier();
    {{ multiply("0u") }}
  }
//% endif
  {{ store_all(splits) }}
}
//% if splits
{{ add_parts(split) }}
//% endif
