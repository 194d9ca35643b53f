//% param directives, name
// {{ name }}: the mean of a text's tokens, scaled to length one; a workgroup has a text.
{{ directives }}

struct Shape {
  columns: u32,  // words of four elements in a row
}

@group(0) @binding(0) var<storage, read> starts: array<u32>;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

var<workgroup> squares: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = starts[group.x];
  let past = starts[group.x + 1u];
  var own = 0.0;
  for (var k = lane; k < shape.columns; k += 64u) {
    var sum = vec4<f32>();
    for (var row = first; row < past; row++) {
      sum += x[row * shape.columns + k];
    }
    result[group.x * shape.columns + k] = sum;
    own += dot(sum, sum);
  }
  squares[lane] = own;
  workgroupBarrier();
  for (var half = 32u; half > 0u; half /= 2u) {
    if (lane < half) {
      squares[lane] += squares[lane + half];
    }
    workgroupBarrier();
  }
  // The mean's length, whatever it was, goes: the sum has the same direction.
  let scale = inverseSqrt(squares[0]);
  for (var k = lane; k < shape.columns; k += 64u) {
    result[group.x * shape.columns + k] *= scale;
  }
}
