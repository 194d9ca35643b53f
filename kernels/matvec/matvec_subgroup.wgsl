//% param name
//% param rows_per_group, workgroup_size, loads
//% from "matvec/words.wgsl" import at, term, finished, xs, sum_type with context
//% set splits = false
//% set words = range(loads)
// matvec {{ name }}: y = A x. A workgroup has {{ rows_per_group }} rows, and each of its subgroups walks one at a time,
// {{ loads }} word{{ "s" if loads > 1 }} a lane in flight: no workgroup memory and no barrier.

//% include "matvec/header.wgsl"

//% macro add(r, k)
    {
//%   for i in range(xs)
      let x{{ i }} = vector[{{ at(k, i) }}];
//%   endfor
      sum{{ r }} += {{ term("a" ~ r) }};
    }
//%- endmacro
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
    let base = row * shape.words;
    let end = select(0u, shape.words, mine);
//% for r in words
    var sum{{ r }} = {{ sum_type }}(0);
//% endfor
    var k = lane;
//% if loads > 1
    for (; k + {{ loads - 1 }}u * lanes < end; k += {{ loads }}u * lanes) {
//%   for r in words
//%     if r
      let k{{ r }} = k + {{ r }}u * lanes;
//%     endif
      let a{{ r }} = matrix[base + k{{ r or "" }}];
//%   endfor
//%   for r in words
      {{ add(r, "k" ~ (r or "")) }}
//%   endfor
    }
//% endif
    for (; k < end; k += lanes) {
      let a0 = matrix[base + k];
      {{ add(0, "k") }}
    }
//% for r in words
//%   if r
    sum0 += sum{{ r }};
//%   endif
//% endfor
    let total = subgroupAdd(sum0);
    if (lane == 0u && mine) {
      result[row] = {{ finished("total", "row") }};
    }
  }
}
