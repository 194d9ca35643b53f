//% param name, techniques
//% param rows_per_thread, workgroup_size
//% from "q4_matvec/arithmetic.wgsl" import share, load_x, product with context
//% set several = false
//% set rows = range(rows_per_thread)
// q4-matvec {{ name }}: y = A x. Each thread walks {{ rows_per_thread }} rows, a block of each at a time.

//% include "q4_matvec/header.wgsl"

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>{{ ", @builtin(subgroup_invocation_id) lane: u32" if "subgroup" in techniques }}) {
  let first = id.x * {{ rows_per_thread }}u;
//% for r in rows
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u);
  var sum{{ r }} = 0.0;
//% endfor
  for (var k = 0u; k < shape.blocks; k++) {
//% if "subgroup" in techniques
    {{ share("k", 1) | trim }}
//% endif
    {{ load_x("k", 0, 1) | trim }}
//% for r in rows
    {
      let b = block_of(row{{ r }}, k);
      sum{{ r }} += {{ product("b") }};
    }
//% endfor
  }
//% for r in rows
  if (first + {{ r }}u < shape.rows) {
    result[first + {{ r }}u] = sum{{ r }};
  }
//% endfor
}
