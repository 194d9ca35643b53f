//% param name, techniques, directives
//% param workgroup_size, groups, unroll, order
//% from "reduce/walk.wgsl" import walk
// reduce {{ name }}: the sum of n numbers. Each thread adds up words of its own, each workgroup its threads' sums
// ({{ "subgroupAdd" if "subgroup" in techniques else "a tree in workgroup memory" }}); a second pass adds the workgroups' sums.

{{ directives }}

struct Shape {
  words: u32,  // words of four numbers; the last is padded with zeros
}

@group(0) @binding(0) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> partial: array<f32, {{ groups }}>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;
//% if "subgroup" in techniques

// One sum per subgroup; subgroups have at least four lanes.
//%   set slots = [workgroup_size // 4, 1] | max
//% else

//%   set slots = workgroup_size
//% endif
var<workgroup> sums: array<f32, {{ slots }}>;

//% macro builtins()
  @builtin(local_invocation_index) lane: u32,
//%   if "subgroup" in techniques
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) subgroup_lane: u32,
//%   endif
//% endmacro
//% macro together(place)
//%   if "subgroup" in techniques
  let part = subgroupAdd(sum);
  if (subgroup_lane == 0u) {
    sums[subgroup] = part;
  }
  workgroupBarrier();
  if (lane == 0u) {
    var total = sums[0];
    for (var i = 1u; i < subgroups; i++) {
      total += sums[i];
    }
    {{ place }} = total;
  }
//%   else
  sums[lane] = sum;
  for (var half = {{ workgroup_size // 2 }}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (lane < half) {
      sums[lane] += sums[lane + half];
    }
  }
  if (lane == 0u) {
    {{ place }} = sums[0];
  }
//%   endif
//% endmacro
@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  {{ builtins() | trim }}
) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = group.x * {{ workgroup_size }}u + lane;
//% for u in range(unroll)
  var sum{{ u }} = vec4<f32>();
//% endfor
//% call(k, u) walk("shape.words", unroll, order)
sum{{ u }} += values[{{ k }}];
//% endcall
  let sum = dot({% for u in range(unroll) %}{{ " + " if u }}sum{{ u }}{% endfor %}, vec4<f32>(1.0));
  {{ together("partial[group.x]") }}
}

@compute @workgroup_size({{ workgroup_size }})
fn add_parts(
  {{ builtins() | trim }}
) {
  var sum = 0.0;
  for (var i = lane; i < {{ groups }}u; i += {{ workgroup_size }}u) {
    sum += partial[i];
  }
  {{ together("result[0]") }}
}
