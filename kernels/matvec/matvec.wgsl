//% param name, techniques
//% param rows_per_thread, workgroup_size
//% param unroll if not ("shared" in techniques or "subgroup" in techniques)
//% from "matvec/words.wgsl" import at, term, finished, vector_word, xs, sum_type with context
//% set splits = false
//% set rows = range(rows_per_thread)
// matvec {{ name }}: y = A x. Each thread walks {{ rows_per_thread }} rows, a word of each at a time.
//% if "swizzle" in techniques
// Swizzled: the {{ rows_per_thread }} rows of a thread are interleaved, so that its loads lie side by side.
//% elif "coalesced" in techniques
// Coalesced: the rows of a workgroup are interleaved, so that neighbouring lanes read neighbouring words.
//% endif
//% if "shared" in techniques
// Shared: the workgroup stages the vector, {{ workgroup_size }} words of the matrix at a time.
//% elif "subgroup" in techniques
// Subgroup: each lane loads one word of the vector and hands it to the others in turn.
//% endif

//% include "matvec/header.wgsl"
//% if "shared" in techniques

var<workgroup> staged: array<{{ vector_word }}, {{ xs * workgroup_size }}>;
//% endif

//% macro accumulate(k)
//%   for r in rows
//%     if "swizzle" in techniques or "coalesced" in techniques
//%       set stride = rows_per_thread if "swizzle" in techniques else rows_per_thread * workgroup_size
//%       set offset = r if "swizzle" in techniques else r * workgroup_size
    let a{{ r }} = matrix[base + {{ stride }}u * ({{ k }}){{ ' + ' ~ offset ~ 'u' if offset }}];
//%     else
    let a{{ r }} = matrix[row{{ r }} + {{ k }}];
//%     endif
    sum{{ r }} += {{ term("a" ~ r) }};
//%   endfor
//%- endmacro
@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
//% if "subgroup" in techniques
  @builtin(subgroup_size) subgroup_size: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//% endif
) {
//% if "coalesced" in techniques
  let first = group.x * {{ rows_per_thread * workgroup_size }}u + lane;
  let base = group.x * {{ rows_per_thread * workgroup_size }}u * shape.words + lane;
//% else
  let first = (group.x * {{ workgroup_size }}u + lane) * {{ rows_per_thread }}u;
//%   if "swizzle" in techniques
  let base = first * shape.words;
//%   endif
//% endif
//% for r in rows
//%   if not ("swizzle" in techniques or "coalesced" in techniques)
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u) * shape.words;
//%   endif
  var sum{{ r }} = {{ sum_type }}(0);
//% endfor
//% if "shared" in techniques
  for (var tile = 0u; tile < shape.words; tile += {{ workgroup_size }}u) {
    let count = min({{ workgroup_size }}u, shape.words - tile);
    workgroupBarrier();
    if (lane < count) {
//%   for i in range(xs)
      staged[{{ at("lane", i) }}] = vector[{{ at("tile + lane", i) }}];
//%   endfor
    }
    workgroupBarrier();
    for (var i = 0u; i < count; i++) {
//%   for i in range(xs)
    let x{{ i }} = staged[{{ at("i", i) }}];
//%   endfor
      {{ accumulate("tile + i") }}
    }
  }
//% elif "subgroup" in techniques
  // A workgroup smaller than the hardware's subgroup fills only part of one.
  let lanes = min(subgroup_size, {{ workgroup_size }}u);
  for (var tile = 0u; tile < shape.words; tile += lanes) {
    let mine = min(tile + subgroup_lane, shape.words - 1u);
//%   for i in range(xs)
    let mine{{ i }} = vector[{{ at("mine", i) }}];
//%   endfor
    let count = min(lanes, shape.words - tile);
    for (var i = 0u; i < count; i++) {
//%   for i in range(xs)
    let x{{ i }} = subgroupShuffle(mine{{ i }}, i);
//%   endfor
      {{ accumulate("tile + i") }}
    }
  }
//% else
  for (var k = 0u; k < shape.words; k += {{ unroll }}u) {
//%   for u in range(unroll)
//%     if unroll > 1
    {
//%     endif
//%     set k = "k + " ~ u ~ "u" if u else "k"
//%     for i in range(xs)
    let x{{ i }} = vector[{{ at(k, i) }}];
//%     endfor
    {{ accumulate(k) }}
//%     if unroll > 1
    }
//%     endif
//%   endfor
  }
//% endif
//% for r in rows
//%   set row = "first + " ~ (r * workgroup_size if "coalesced" in techniques else r) ~ "u"
  if ({{ row }} < shape.rows) {
    result[{{ row }}] = {{ finished("sum" ~ r, row) }};
  }
//% endfor
}
