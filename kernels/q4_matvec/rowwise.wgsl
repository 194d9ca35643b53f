//% param name
//% param rows_per_group, workgroup_size
//% from "q4_matvec/arithmetic.wgsl" import load_x, product with context
//% set several = false
// q4-matvec {{ name }}: y = A x. A workgroup has {{ rows_per_group }} rows, and each of its subgroups walks one at a time,
// neighbouring lanes in neighbouring blocks.

//% include "q4_matvec/header.wgsl"

@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let lanes = {{ workgroup_size }}u / subgroups;
  for (var turn = 0u; turn < {{ rows_per_group }}u; turn += subgroups) {
    let row = group.x * {{ rows_per_group }}u + turn + subgroup;
    // All subgroups come to the sum; one without a row reads nothing on the way.
    let mine = turn + subgroup < {{ rows_per_group }}u && row < shape.rows;
    let end = select(0u, shape.blocks, mine);
    var sum = 0.0;
    for (var k = lane; k < end; k += lanes) {
      {{ load_x("k", 0, 1) | trim }}
      let b = block_of(row, k);
      sum += {{ product("b") }};
    }
    let total_of_row = subgroupAdd(sum);
    if (lane == 0u && mine) {
      result[row] = total_of_row;
    }
  }
}
