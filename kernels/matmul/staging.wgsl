{#- A stage of A and B on its way: from memory into registers, from there into workgroup memory. -#}
//% param tile_rows, tile_columns, workgroup_x, workgroup_y, stage
//% from "matmul/words.wgsl" import a_word, b_word, b_rows, implicit with context
//% set words = tile_columns // 4
//% set block_rows = tile_rows * workgroup_y
//% set block_words = words * workgroup_x
//% set threads = workgroup_x * workgroup_y
//% set counts = {"a": block_rows * stage, "b": b_rows * stage * block_words}
//% macro places()
//% for i in range(0, counts.a, threads)
//%   set n = i // threads
  let at_a{{ n }} = lane + {{ i }}u;
  let row_a{{ n }} = workgroup.y * {{ block_rows }}u + at_a{{ n }} / {{ stage }}u;
  let from_a{{ n }} = {{ "row_a%d * depth + " % n if not implicit }}at_a{{ n }} % {{ stage }}u;
  let to_a{{ n }} = vec2<u32>(at_a{{ n }} % {{ tile_rows * stage }}u, at_a{{ n }} / {{ tile_rows * stage }}u);
  var fetched_a{{ n }} = {{ a_word }}();
//% endfor
//% for i in range(0, counts.b, threads)
//%   set n = i // threads
  let at_b{{ n }} = lane + {{ i }}u;
  let row_b{{ n }} = at_b{{ n }} / {{ block_words }}u;
  let word_b{{ n }} = at_b{{ n }} % {{ block_words }}u;
  let from_b{{ n }} = row_b{{ n }} * columns + workgroup.x * {{ block_words }}u + word_b{{ n }};
  let to_b{{ n }} = vec2<u32>(row_b{{ n }} * {{ words }}u + word_b{{ n }} / {{ workgroup_x }}u, word_b{{ n }} % {{ workgroup_x }}u);
  var fetched_b{{ n }} = {{ b_word }}();
//% endfor
//% endmacro
//% macro each(count)
//%   for i in range(0, count, threads)
{{ "if (lane + " ~ i ~ "u < " ~ count ~ "u) {" if i + threads > count }}
{{ caller(i // threads) | trim }}
{{ "}" if i + threads > count }}
//%   endfor
//% endmacro
//% macro fetch(k)
//%   call(i) each(counts.a)
fetched_a{{ i }} = {% if implicit %}window(row_a{{ i }}, from_a{{ i }} + {{ k }}){% else %}a[from_a{{ i }} + {{ k }}]{% endif %};
//%   endcall
//%   call(i) each(counts.b)
fetched_b{{ i }} = b[from_b{{ i }} + {{ b_rows }}u * {{ k }} * columns];
//%   endcall
//% endmacro
//% macro keep(buffer)
//%   call(i) each(counts.a)
tile_a[{{ buffer }}][to_a{{ i }}.x][to_a{{ i }}.y] = fetched_a{{ i }};
//%   endcall
//%   call(i) each(counts.b)
tile_b[{{ buffer }}][to_b{{ i }}.x][to_b{{ i }}.y] = fetched_b{{ i }};
//%   endcall
//% endmacro
