{#- The answer of rows with what all rows have beside them, for operators that treat each row alike; imported `with context`.
   Threads with rows of their own hand it from lane to lane where there are subgroups. -#}
//% from "rows.wgsl" import handed, each with context
{#- Every word of a row with those of `arrays`, (name, array) each, which all rows have. -#}
//% macro each_with(arrays)
//%   set body = caller
//%   if handed
    for (var tile = 0u; tile < shape.words; tile += lanes) {
      let mine = min(tile + subgroup_lane, shape.words - 1u);
//%     for name, array in arrays
      let own_{{ name }} = {{ array }}[mine];
//%     endfor
      let end = min(lanes, shape.words - tile);
      for (var i = 0u; i < end; i++) {
        let k = tile + i;
//%     for name, array in arrays
        let {{ name }} = subgroupShuffle(own_{{ name }}, i);
//%     endfor
        {{ body() | trim }}
      }
    }
//%   else
//%     call(many) each()
//%       for name, array in arrays
      let {{ name }} = {{ array }}[k];
//%       endfor
      {{ body() | trim }}
//%     endcall
//%   endif
//% endmacro
{#- Word k of row r of the answer; a lane without that row only hands on. -#}
//% macro answer(r)
//%   if handed
      if (row{{ " + %du" % r if r }} < shape.rows) {
        result[base{{ r }} + k] = {{ caller() | trim }};
      }
//%   else
      result[base{{ r }} + k] = {{ caller() | trim }};
//%   endif
//% endmacro
