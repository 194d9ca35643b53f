//% param workgroup_size, split
//% param count

// What the parts of the context found, each by what its largest score is below the largest of all.
@group(0) @binding(0) var<storage, read> all_sums: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> all_tops: array<vec2<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> merged: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn merge(@builtin(global_invocation_id) id: vec3<u32>) {
  let words = merged.heads * {{ count }}u;
  if (id.x >= words) {
    return;
  }
  let head = id.x / {{ count }}u;
  var top = LEAST;
  for (var i = 0u; i < {{ split }}u; i++) {
    top = max(top, all_tops[i * merged.heads + head].x);
  }
  var total = 0.0;
  var sum = vec4<f32>();
  for (var i = 0u; i < {{ split }}u; i++) {
    let part = all_tops[i * merged.heads + head];
    let weight = exp(part.x - top);
    total += weight * part.y;
    sum += weight * all_sums[i * words + id.x];
  }
  result[id.x] = sum / total;
}
