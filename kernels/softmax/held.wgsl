//% param name, directives
//% param columns, workgroup_size, lanes, most
//% from "words.wgsl" import word, wide with context
//% set words = (columns + 3) // 4
//% set held = [(words + lanes - 1) // lanes, most] | min
// softmax {{ name }}: y = exp(x - max) / sum over each row. A subgroup has a row, and each lane holds {{ held }} words of it,
// read once: of {{ columns }} columns where lanes are {{ lanes }}. What no lane holds is read anew each time.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // of four elements; rows are padded with what exp makes zero
}

@group(0) @binding(0) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> shape: Shape;

//% macro others(end="shape.words")
    for (var k = lane + {{ held }}u * lanes; k < {{ end }}; k += lanes) {
      {{ caller() | trim }}
    }
//% endmacro
@compute @workgroup_size({{ workgroup_size }})
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(subgroup_id) subgroup: u32,
  @builtin(num_subgroups) subgroups: u32,
  @builtin(subgroup_invocation_id) lane: u32,
) {
  let lanes = {{ workgroup_size }}u / subgroups;
  for (var turn = group.x * subgroups; turn < shape.rows; turn += groups.x * subgroups) {
    // All subgroups take every turn; one without a row writes nothing.
    let base = min(turn + subgroup, shape.rows - 1u) * shape.words;
    let end = select(0u, shape.words, turn + subgroup < shape.rows);
//% for i in range(held)
    let k{{ i }} = lane{{ " + %du * lanes" % i if i }};
    var w{{ i }} = {{ wide("x", "base + min(k%d, shape.words - 1u)" % i) }};
    w{{ i }} = select(vec4<f32>(-3e38), w{{ i }}, k{{ i }} < shape.words);
//% endfor
    var largest = w0;
//% for i in range(1, held)
    largest = max(largest, w{{ i }});
//% endfor
//% call others()
largest = max(largest, {{ wide("x", "base + k") }});
//% endcall
    let top = subgroupMax(max(max(largest.x, largest.y), max(largest.z, largest.w)));
    var sums = vec4<f32>();
//% for i in range(held)
    w{{ i }} = exp(w{{ i }} - top);
    sums += w{{ i }};
//% endfor
//% call others()
sums += exp({{ wide("x", "base + k") }} - top);
//% endcall
    let scale = 1.0 / subgroupAdd(dot(sums, vec4<f32>(1.0)));
//% for i in range(held)
    if (k{{ i }} < end) {
      result[base + k{{ i }}] = w{{ i }} * scale;
    }
//% endfor
//% call others("end")
result[base + k] = exp({{ wide("x", "base + k") }} - top) * scale;
//% endcall
  }
}
