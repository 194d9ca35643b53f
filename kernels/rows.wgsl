{#- Walking rows and adding up what their lanes found, for operators that treat each row alike; imported `with context`.
   Rows belong to a thread, or (`rowwise`) to a workgroup, whose lanes read neighbouring words. -#}
//% param techniques
//% param workgroup_size
//% set shared = "rowwise" in techniques
//% set owner = "a workgroup" if shared else "a thread"
//% set tree = shared and "subgroup" not in techniques
{#- Threads with rows of their own hand what all rows have from lane to lane. -#}
//% set handed = "subgroup" in techniques and not shared
//% set step = workgroup_size if shared else 1
{#- The head of main and of its loop over rows, `rows` at a time; their words begin at base0, base1, ... -#}
//% macro begin(rows)
@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//%   if shared and not tree
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//%   elif handed
  @builtin(subgroup_size) subgroup_size: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//%   endif
) {
//%   set span = rows if shared else rows * workgroup_size
//%   if handed
  // A workgroup smaller than the hardware's subgroup fills only part of one. All lanes take every turn.
  let lanes = min(subgroup_size, {{ workgroup_size }}u);
  for (var turn = group.x * {{ span }}u; turn < shape.rows; turn += groups.x * {{ span }}u) {
    let row = turn + lane * {{ rows }}u;
//%     for r in range(rows)
    let base{{ r }} = min(row{{ " + %du" % r if r }}, shape.rows - 1u) * shape.words;
//%     endfor
//%   else
  let start = {{ "group.x" if shared else "(group.x * " ~ workgroup_size ~ "u + lane)" }} * {{ rows }}u;
  for (var row = start; row < shape.rows; row += groups.x * {{ span }}u) {
//%   for r in range(rows)
    let base{{ r }} = {{ "min(row + " ~ r ~ "u, shape.rows - 1u)" if r else "row" }} * shape.words;
//%   endfor
//%   endif
//% endmacro
{#- Every one of a row's `words`, `unroll` of them in one turn; the block is told how many its turn has. -#}
//% macro each(unroll=1, words="shape.words")
    {
      var k = {{ "lane" if shared else "0u" }};
//%   if unroll > 1
      for (; k + {{ step * (unroll - 1) }}u < {{ words }}; k += {{ step * unroll }}u) {
        {{ caller(unroll) | trim }}
      }
//%   endif
      for (; k < {{ words }}; k += {{ step }}u) {
        {{ caller(1) | trim }}
      }
    }
//% endmacro
//% macro at(i)
{{ "k + " ~ i * step ~ "u" if i else "k" -}}
//% endmacro
//% macro parts()
//%   if shared
// {{ "One part for each lane." if tree else "One part for each subgroup; subgroups have at least four lanes." }}
var<workgroup> parts: array<f32, {{ workgroup_size if tree else [workgroup_size // 4, 1] | max }}>;
//%   endif
//% endmacro
{#- `into` = the sum, or the largest, of what all lanes of the row have in `value`. -#}
//% macro together(into, value, largest=false)
//%   set a, b = ("max(", ", ") if largest else ("(", " + ")
//%   if not shared
    let {{ into }} = {{ value }};
//%   elif tree
    parts[lane] = {{ value }};
    for (var half = {{ workgroup_size // 2 }}u; half > 0u; half /= 2u) {
      workgroupBarrier();
      if (lane < half) {
        parts[lane] = {{ a }}parts[lane]{{ b }}parts[lane + half]);
      }
    }
    workgroupBarrier();
    let {{ into }} = parts[0];
    workgroupBarrier();
//%   else
    let {{ into }}_part = {{ "subgroupMax" if largest else "subgroupAdd" }}({{ value }});
    if (subgroup_lane == 0u) {
      parts[subgroup] = {{ into }}_part;
    }
    workgroupBarrier();
    var {{ into }} = parts[0];
    for (var i = 1u; i < subgroups; i++) {
      {{ into }} = {{ a }}{{ into }}{{ b }}parts[i]);
    }
    workgroupBarrier();
//%   endif
//% endmacro
