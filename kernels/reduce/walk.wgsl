//% macro walk(words, unroll, order)
//%   if order == "contiguous"
  // Each thread walks words that lie together: CPU adapters run it as one stream.
  let share = ({{ words }} + threads - 1u) / threads;
  var k = min(thread * share, {{ words }});
  let end = min(k + share, {{ words }});
//%   else
  // Neighbouring threads read neighbouring words: GPUs fetch them together.
  var k = thread;
  let end = {{ words }};
//%   endif
//%   set step = "1u" if order == "contiguous" else "threads"
//%   if unroll > 1
  for (; k + {{ times(unroll - 1, step) }} < end; k += {{ times(unroll, step) }}) {
//%     for u in range(unroll)
    {{ caller("k + " ~ times(u, step) if u else "k", u) | trim }}
//%     endfor
  }
//%   endif
  for (; k < end; k += {{ step }}) {
    {{ caller("k", 0) | trim }}
  }
//% endmacro
//% macro times(count, step)
{{ count ~ "u" if step == "1u" else step if count == 1 else count ~ "u * " ~ step -}}
//% endmacro
