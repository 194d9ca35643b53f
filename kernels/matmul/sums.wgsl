{#- The sums of a thread's tile, four columns of row r in sum<r>_<w>, unrolled; imported `with context`. -#}
//% param techniques
//% param tile_rows, tile_columns
//% param rolled if "fused" in techniques and "splitk" not in techniques
//% from "matmul/words.wgsl" import multiply, finished, ended, fused, sum_type with context
//% set rows = range(tile_rows)
//% set words = tile_columns // 4
//% macro zeros(r)
//%   for w in range(words)
  var sum{{ r }}_{{ w }} = vec4<{{ sum_type }}>();
//%   endfor
//% endmacro
//% macro multiply_row(r)
//%   for w in range(words)
{{ multiply("sum" ~ r ~ "_" ~ w, "a" ~ r, "b" ~ w) }}
//%   endfor
//% endmacro
//% macro multiply_all()
//%   for r in rows
{{ multiply_row(r) | trim }}
//%   endfor
//% endmacro
{#- Unrolled, a fused ending is most of a large tile's text: `rolled`, it is a loop over what was stored. -#}
//% macro store_all(splits=false)
//%   set loops = fused and not splits and rolled == 1
//%   for r in rows
//%     for w in range(words)
//%       if splits
  partial[(workgroup.z * shape.rows + first + {{ r }}u) * shape.columns + word{{ w }}] = sum{{ r }}_{{ w }};
//%       else
  c[(first + {{ r }}u) * shape.columns + word{{ w }}] = {{ finished("sum" ~ r ~ "_" ~ w) | trim if loops else ended("sum" ~ r ~ "_" ~ w, "first + " ~ r ~ "u", "word" ~ w) }};
//%       endif
//%     endfor
//%   endfor
//%   if loops
  for (var r = first; r < first + {{ tile_rows }}u; r++) {
//%     for w in range(words)
    c[r * shape.columns + word{{ w }}] = epilogue(c[r * shape.columns + word{{ w }}], r, word{{ w }});
//%     endfor
  }
//%   endif
//% endmacro
//% macro add_parts(split)

@compute @workgroup_size(64)
fn add_parts(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= shape.columns) {
    return;
  }
  let at = id.y * shape.columns + id.x;
  var total = partial[at];
  for (var i = 1u; i < {{ split }}u; i++) {
    total += partial[i * shape.rows * shape.columns + at];
  }
  c[at] = {{ ended("total", "id.y", "id.x") }};
}
//% endmacro
