//% param workgroup_size
//% param count, slices, own, splitting
{#- What the slices of a workgroup found, added up and written; `own` are the words of a lane. -#}
//% set at = "(group.y * shape.heads + head) * " ~ count ~ "u" if splitting else "head * " ~ count ~ "u"
//% if slices > 1
  if (slice < {{ slices }}u) {
    found[lane] = c0;
  }
  workgroupBarrier();
  for (var j = lane; j < {{ count }}u; j += {{ workgroup_size }}u) {
    var all = found[j];
    for (var i = 1u; i < {{ slices }}u; i++) {
      all += found[i * {{ count }}u + j];
    }
    {{ "sums" if splitting else "result" }}[{{ at }} + j] = all{{ " / sum" if not splitting }};
  }
//% else
//%   for m in own
  {{ "sums" if splitting else "result" }}[{{ at }} + word{{ m }}] = c{{ m }}{{ " / sum" if not splitting }};
//%   endfor
//% endif
//% if splitting
  if (lane == 0u) {
    tops[group.y * shape.heads + head] = vec2<f32>(top, sum);
  }
//% endif
