//% param name
//% param rows_per_thread, workgroup_size
//% from "q4_matvec/arithmetic.wgsl" import share, load_x, product with context
//% set several = false
//% set rows = range(rows_per_thread)
//% set quads = range(rows_per_thread // 4)
// q4-matvec {{ name }}: y = A x. Each thread walks {{ rows_per_thread }} rows, two blocks of each at a time.
// Swizzled: the {{ rows_per_thread }} rows of a thread are interleaved, and a word of scales has those of four rows, two blocks each.

//% include "q4_matvec/header.wgsl"

@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let first = id.x * {{ rows_per_thread }}u;
  // Threads without rows of their own walk the last ones, for every lane hands something on.
  let base = min(id.x, (shape.rows - 1u) / {{ rows_per_thread }}u) * shape.blocks;
//% for r in rows
  var sum{{ r }} = 0.0;
//% endfor
  for (var k = 0u; k < shape.blocks; k += 2u) {
//% for q in quads
    let scales{{ q }} = scales[(base + k) / 2u{{ " * %du" % (quads | length) if quads | length > 1 }}{{ " + %du" % q if q }}];
//% endfor
//% for r in rows
    let scale{{ r }} = unpack2x16float(scales{{ r // 4 }}.{{ "xyzw"[r % 4] }});
//% endfor
    {{ share("k", 2) | trim }}
//% for b in range(2)
    {
      {{ load_x("k", b, 2) | trim }}
//%   for r in rows
      {
        let b = block_of((base + k{{ " + 1u" if b }}) * {{ rows_per_thread }}u{{ " + %du" % r if r }}, scale{{ r }}.{{ "xy"[b] }});
        sum{{ r }} += {{ product("b") }};
      }
//%   endfor
    }
//% endfor
  }
//% for r in rows
  if (first + {{ r }}u < shape.rows) {
    result[first + {{ r }}u] = sum{{ r }};
  }
//% endfor
}
