//% param directives, name
//% param workgroup_size, neighbours
// {{ name }}: blocks of 32 as signed bytes{{ ", of eight the even ones and then the odd ones" if neighbours }}; a scale for each, and that times the sum of the codes.
{{ directives }}

struct Shape {
  rows: u32,
  blocks: u32,  // of a row of codes
  words: u32,   // of four elements in a row as it comes; beyond them are zeros
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> codes: array<u32>;
@group(0) @binding(2) var<storage, read_write> scales: array<vec2<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  for (var at = id.x; at < shape.rows * shape.blocks; at += groups.x * {{ workgroup_size }}u) {
    let row = at / shape.blocks;
    let first = at % shape.blocks * 8u;
    let base = row * shape.words;
//% for i in range(8)
    let v{{ i }} = select(vec4<f32>(), x[base + min(first + {{ i }}u, shape.words - 1u)], first + {{ i }}u < shape.words);
//% endfor
    let most = max(
      max(max(abs(v0), abs(v1)), max(abs(v2), abs(v3))),
      max(max(abs(v4), abs(v5)), max(abs(v6), abs(v7))),
    );
    let scale = max(max(max(most.x, most.y), max(most.z, most.w)), 1e-8) / 127.0;
    var sum = vec4<i32>();
//% for i in range(8)
    let q{{ i }} = vec4<i32>(round(v{{ i }} / scale));
    sum += q{{ i }};
//% endfor
//% if neighbours
//%   for i in range(0, 8, 2)
    codes[at * 8u + {{ i }}u] = pack4xI8(vec4<i32>(q{{ i }}.xz, q{{ i + 1 }}.xz));
    codes[at * 8u + {{ i + 1 }}u] = pack4xI8(vec4<i32>(q{{ i }}.yw, q{{ i + 1 }}.yw));
//%   endfor
//% else
//%   for i in range(8)
    codes[at * 8u + {{ i }}u] = pack4xI8(q{{ i }});
//%   endfor
//% endif
    scales[at] = vec2<f32>(scale, scale * f32(sum.x + sum.y + sum.z + sum.w));
  }
}
