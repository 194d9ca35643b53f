{#- The sums of a thread's tile, four columns of row r in sum<r>_<w>, unrolled; imported `with context`. -#}
//% param tile_rows, tile_columns
//% from "matmul/words.wgsl" import multiply, finished, sum_type with context
//% set rows = range(tile_rows)
//% set words = tile_columns // 4
//% macro zeros(r)
//%   for w in range(words)
  var sum{{ r }}_{{ w }} = vec4<{{ sum_type }}>();
//%   endfor
//% endmacro
//% macro multiply_all()
//%   for r in rows
//%     for w in range(words)
{{ multiply("sum" ~ r ~ "_" ~ w, "a" ~ r, "b" ~ w) }}
//%     endfor
//%   endfor
//% endmacro
//% macro store_all()
//%   for r in rows
//%     for w in range(words)
  c[(first + {{ r }}u) * shape.columns + word{{ w }}] = {{ finished("sum" ~ r ~ "_" ~ w, "first + " ~ r ~ "u", "word" ~ w) }};
//%     endfor
//%   endfor
//% endmacro
