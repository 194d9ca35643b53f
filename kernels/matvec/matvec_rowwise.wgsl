//% param name, techniques
//% param rows_per_group, workgroup_size
//% param split if "splitk" in techniques
//% from "matvec/words.wgsl" import at, term, finished, xs, sum_type with context
//% set splits = "splitk" in techniques
//% set rows = range(rows_per_group)
// matvec {{ name }}: y = A x. A workgroup walks {{ rows_per_group }} rows together: neighbouring lanes read neighbouring
// words of one row, then the lanes' sums are added up ({{ "subgroupAdd" if "subgroup" in techniques else "a tree in workgroup memory" }}).
//% if splits
// Split-K: {{ split }} workgroups share the columns; a second pass adds their parts.
//% endif

//% include "matvec/header.wgsl"
//% if "subgroup" in techniques

// One sum per subgroup; subgroups have at least four lanes.
//%   set slots = [workgroup_size // 4, 1] | max
//% else

//%   set slots = workgroup_size
//% endif
var<workgroup> sums: array<{{ sum_type }}, {{ slots * rows_per_group }}>;

@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//% if "subgroup" in techniques
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//% endif
) {
  let first = group.x * {{ rows_per_group }}u;
//% for r in rows
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u) * shape.words;
  var sum{{ r }} = {{ sum_type }}(0);
//% endfor
//% if splits
  let share = (shape.words + {{ split - 1 }}u) / {{ split }}u;
  let end = min((group.y + 1u) * share, shape.words);
  for (var k = group.y * share + lane; k < end; k += {{ workgroup_size }}u) {
//% else
  for (var k = lane; k < shape.words; k += {{ workgroup_size }}u) {
//% endif
//% for i in range(xs)
    let x{{ i }} = vector[{{ at("k", i) }}];
//% endfor
//% for r in rows
    let a{{ r }} = matrix[row{{ r }} + k];
    sum{{ r }} += {{ term("a" ~ r) }};
//% endfor
  }
//% if "subgroup" in techniques
//%   for r in rows
  let part{{ r }} = subgroupAdd(sum{{ r }});
//%   endfor
  if (subgroup_lane == 0u) {
//%   for r in rows
    sums[{{ r * slots }}u + subgroup] = part{{ r }};
//%   endfor
  }
  workgroupBarrier();
  if (lane < {{ rows_per_group }}u) {
    var total = sums[lane * {{ slots }}u];
    for (var i = 1u; i < subgroups; i++) {
      total += sums[lane * {{ slots }}u + i];
    }
//% else
//%   for r in rows
  sums[{{ r * slots }}u + lane] = sum{{ r }};
//%   endfor
  for (var half = {{ workgroup_size // 2 }}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
//%   for r in rows
      sums[{{ r * slots }}u + lane] += sums[{{ r * slots }}u + lane + half];
//%   endfor
    }
  }
  workgroupBarrier();
  if (lane < {{ rows_per_group }}u) {
    let total = sums[lane * {{ slots }}u];
//% endif
    let row = first + lane;
    if (row < shape.rows) {
//% if splits
      partial[group.y * shape.rows + row] = total;
//% else
      result[row] = {{ finished("total", "row") }};
//% endif
    }
  }
}
//% if splits

@compute @workgroup_size({{ workgroup_size }})
fn add_parts(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.x;
  if (row < shape.rows) {
    var total = partial[row];
    for (var i = 1u; i < {{ split }}u; i++) {
      total += partial[i * shape.rows + row];
    }
    result[row] = {{ finished("total", "row") }};
  }
}
//% endif
