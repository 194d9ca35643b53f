//% param name
//% param tile_rows, tile_columns, workgroup_x, workgroup_y, stage
//% from "matmul/words.wgsl" import a_word, b_word, b_rows with context
//% from "matmul/sums.wgsl" import rows, words, zeros, multiply_all, store_all with context
//% set wide = true
//% set block_rows = tile_rows * workgroup_y
//% set block_words = words * workgroup_x
//% set threads = workgroup_x * workgroup_y
// matmul {{ name }}: C = A B. A thread computes {{ tile_rows }} x {{ tile_columns }} elements; all loops over them are unrolled.
// Shared: a workgroup stages {{ block_rows }} rows of A and {{ 4 * block_words }} columns of B, {{ 4 * stage }} deep.
//% include "matmul/header.wgsl"

var<workgroup> tile_a: array<{{ a_word }}, {{ block_rows * stage }}>;
var<workgroup> tile_b: array<{{ b_word }}, {{ b_rows * stage * block_words }}>;

//% macro fill(tile, count)
//%   for i in range(0, count, threads)
//%     set whole = i + threads <= count
{{ "if (lane + " ~ i ~ "u < " ~ count ~ "u) {" if not whole }}
    {
      let at = lane + {{ i }}u;
      {{ tile }}[at] = {{ caller() | trim }};
    }
{{ "}" if not whole }}
//%   endfor
//% endmacro
//% macro load_b(s)
//%   for w in range(words)
//%     for j in range(b_rows)
let b{{ w }}_{{ j }} = tile_b[({{ b_rows }}u * {{ s }}u + {{ j }}u) * {{ block_words }}u + {{ w * workgroup_x }}u + local.x];
//%     endfor
//%   endfor
//% endmacro
@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let group_row = workgroup.y;
  let group_column = workgroup.x;
  let first = (group_row * {{ workgroup_y }}u + local.y) * {{ tile_rows }}u;
//% for w in range(words)
  let word{{ w }} = group_column * {{ block_words }}u + {{ w * workgroup_x }}u + local.x;
//% endfor
//% for r in rows
  {{ zeros(r) | trim }}
//% endfor
  for (var k = 0u; k < shape.depth; k += {{ stage }}u) {
    workgroupBarrier();
//% call fill("tile_a", block_rows * stage)
a[(group_row * {{ block_rows }}u + at / {{ stage }}u) * shape.depth + k + at % {{ stage }}u]
//% endcall
//% call fill("tile_b", b_rows * stage * block_words)
b[({{ b_rows }}u * k + at / {{ block_words }}u) * shape.columns + group_column * {{ block_words }}u + at % {{ block_words }}u]
//% endcall
    workgroupBarrier();
//% for s in range(stage)
    {
//%   for r in rows
      let a{{ r }} = tile_a[(local.y * {{ tile_rows }}u + {{ r }}u) * {{ stage }}u + {{ s }}u];
//%   endfor
      {{ load_b(s) }}
      {{ multiply_all() }}
    }
//% endfor
  }
  {{ store_all() }}
}
