//% param name, techniques
//% param tile_rows, tile_columns, workgroup_x, workgroup_y
//% param group_rows if "swizzle" in techniques
//% param lanes if "subgroup" in techniques
//% from "matmul/words.wgsl" import b_rows, implicit with context
//% from "matmul/sums.wgsl" import rows, words, zeros, multiply_row, multiply_all, store_all with context
//% set wide = true
//% set splits = false
//% set blocked = "swizzle" in techniques
//% set batched = "winograd" in techniques
// matmul {{ name }}: C = A B. A thread computes {{ tile_rows }} x {{ tile_columns }} elements; all loops over them are unrolled.
//% if blocked
// Swizzled: A and B lie in blocks of one thread's rows and columns; workgroups go down {{ group_rows }} rows before they go right.
//% endif
//% if "subgroup" in techniques
//%   set together = [lanes, tile_rows] | min
//%   set turns = range(tile_rows // together)
// Subgroup: its lanes share their rows of A; each of {{ together }} loads a word of another row and hands it to all. A
// subgroup has at least {{ lanes }} lanes; those beyond {{ together }} load what others do.
//% endif
//% include "matmul/header.wgsl"

//% macro a_at(r, k)
{{ "window(first + %du, %s)" % (r, k) if implicit else "a[a_base + %du * (%s) + %du]" % (tile_rows, k, r) if blocked
  else "a[row%d + %s]" % (r, k) -}}
//% endmacro
//% macro b_at(w, j)
{{ "b_base + %du * (k) + %du" % (words * b_rows, j * words + w) if blocked
  else "(%du * (%sk) + %du) * columns + word%d" % (b_rows, "slab + " if batched, j, w) -}}
//% endmacro
//% macro load_b()
//%   for w in range(words)
//%     for j in range(b_rows)
let b{{ w }}_{{ j }} = b[{{ b_at(w, j) }}];
//%     endfor
//%   endfor
//% endmacro
@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
//% if "subgroup" in techniques
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//% endif
) {
  let depth = shape.depth;
//% if not blocked
  let columns = shape.columns;
//% endif
//% if batched
  let slab = workgroup.z * depth;
//% endif
//% if blocked
  // Neighbouring workgroups in time share blocks of B and of A while these are still in the cache.
  let order = workgroup.y * workgroups.x + workgroup.x;
  let band = order / ({{ group_rows }}u * workgroups.x);
  let band_rows = min({{ group_rows }}u, workgroups.y - band * {{ group_rows }}u);
  let within = order - band * {{ group_rows }}u * workgroups.x;
  let group_row = band * {{ group_rows }}u + within % band_rows;
  let group_column = within / band_rows;
//% else
  let group_row = {{ "workgroup.z * workgroups.y + " if batched }}workgroup.y;
  let group_column = workgroup.x;
//% endif
//% if workgroup_y > 1
  let first = (group_row * {{ workgroup_y }}u + local.y) * {{ tile_rows }}u;
//% else
  let first = group_row * {{ tile_rows }}u;
//% endif
//% if blocked
  let tile_column = group_column * {{ workgroup_x }}u + local.x;
  let a_base = first * depth;
  let b_base = tile_column * depth * {{ words * b_rows }}u;
//% endif
//% for w in range(words)
//%   if blocked
  let word{{ w }} = tile_column * {{ words }}u + {{ w }}u;
//%   else
  let word{{ w }} = group_column * {{ words * workgroup_x }}u + {{ w * workgroup_x }}u + local.x;
//%   endif
//% endfor
//% for r in rows
//%   if not (blocked or implicit or "subgroup" in techniques)
  let row{{ r }} = (first + {{ r }}u) * depth;
//%   endif
  {{ zeros(r) | trim }}
//% endfor
//% if "subgroup" in techniques
  let mine = subgroup_lane % {{ together }}u;
//%   if not blocked
//%     for t in turns
  let mine{{ t }} = (first + mine{{ " + %du" % (t * together) if t }}) * depth;
//%     endfor
//%   endif
  for (var k = 0u; k < depth; k++) {
//%   for t in turns
    let own{{ t }} = a[{{ "a_base + %du * k + mine%s" % (tile_rows, " + %du" % (t * together) if t) if blocked else "mine%d + k" % t }}];
//%   endfor
    {{ load_b() }}
//%   for r in rows
    let a{{ r }} = subgroupBroadcast(own{{ r // together }}, {{ r % together }}u);
    {{ multiply_row(r) | trim }}
//%   endfor
  }
//% else
  for (var k = 0u; k < depth; k++) {
//%   for r in rows
    let a{{ r }} = {{ a_at(r, "k") }};
//%   endfor
    {{ load_b() }}
    {{ multiply_all() }}
  }
//% endif
  {{ store_all() }}
}
