//% param name, techniques, directives
//% param workgroup_size
//% from "scan/prefix.wgsl" import prefix
//% set subgroups = "subgroup" in techniques
// scan {{ name }}: {{ workgroup_size }} workgroups add their shares up, one scans these sums, each scans its share from there. Lanes
// meet by {{ "subgroupInclusiveAdd" if subgroups else "a sweep up and a sweep down in workgroup memory (Blelloch)" if "blelloch" in techniques else "steps of 1, 2, 4, ... in workgroup memory (Hillis and Steele)" }}.
{{ directives }}

struct Shape {
  words: u32,  // of four numbers; the last is padded with zeros
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32, {{ workgroup_size }}>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

var<workgroup> sums: array<f32, {{ workgroup_size }}>;

{{ prefix() }}
//% macro entry(name)

@compute @workgroup_size({{ workgroup_size }})
fn {{ name }}(
  @builtin(workgroup_id) group: vec3<u32>,
//%   if subgroups
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//%   else
  @builtin(local_invocation_index) lane: u32,
//%   endif
) {
//%   if subgroups
  // Which lanes of the workgroup a subgroup has is not said: they are counted through subgroup by subgroup.
  let lane = subgroup * ({{ workgroup_size }}u / subgroups) + subgroup_lane;
//%   endif
  let share = (shape.words + {{ workgroup_size - 1 }}u) / {{ workgroup_size }}u;
  let start = min(group.x * share, shape.words);
  let end = min(start + share, shape.words);
//% endmacro
{#- `up_to` = the sum of what the lanes up to this one have in `own`, `whole` that of all. -#}
//% macro meet()
//%   if subgroups
    let mine = subgroupInclusiveAdd(own);
    let ours = subgroupAdd(own);
    if (subgroup_lane == 0u) {
      sums[subgroup] = ours;
    }
    workgroupBarrier();
    var up_to = mine;
    var whole = 0.0;
    for (var i = 0u; i < subgroups; i++) {
      up_to += select(0.0, sums[i], i < subgroup);
      whole += sums[i];
    }
//%   else
    sums[lane] = own;
//%     if "blelloch" in techniques
    for (var step = 1u; step < {{ workgroup_size }}u; step *= 2u) {
      workgroupBarrier();
      let right = (lane + 1u) * step * 2u - 1u;
      if (right < {{ workgroup_size }}u) {
        sums[right] += sums[right - step];
      }
    }
    for (var step = {{ workgroup_size // 4 }}u; step > 0u; step /= 2u) {
      workgroupBarrier();
      let right = (lane + 1u) * step * 2u + step - 1u;
      if (right < {{ workgroup_size }}u) {
        sums[right] += sums[right - step];
      }
    }
//%     else
    for (var step = 1u; step < {{ workgroup_size }}u; step *= 2u) {
      workgroupBarrier();
      let other = select(0.0, sums[max(lane, step) - step], lane >= step);
      workgroupBarrier();
      sums[lane] += other;
    }
//%     endif
    workgroupBarrier();
    let up_to = sums[lane];
    let whole = sums[{{ workgroup_size - 1 }}u];
//%   endif
    workgroupBarrier();
//% endmacro
{{ entry("main") }}
    var sum = vec4<f32>();
    for (var k = start + lane; k < end; k += {{ workgroup_size }}u) {
      sum += x[k];
    }
    let own = dot(sum, vec4<f32>(1.0));
    {{ meet() }}
    if (lane == 0u) {
      partial[group.x] = whole;
    }
}
{{ entry("scan_parts") }}
    let own = partial[lane];
    {{ meet() }}
    partial[lane] = up_to - own;
}
{{ entry("finish") }}
    var before = partial[group.x];
    for (var first = start; first < end; first += {{ workgroup_size }}u) {
      let k = first + lane;
      let word = select(vec4<f32>(), x[min(k, shape.words - 1u)], k < end);
      let own = dot(word, vec4<f32>(1.0));
      {{ meet() }}
      if (k < end) {
        result[k] = before + (up_to - own) + prefix(word);
      }
      before += whole;
    }
}
