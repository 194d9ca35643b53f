//% param name, techniques, directives
//% param workgroup_size, groups, unroll, order
//% from "reduce/walk.wgsl" import walk
//% from "words.wgsl" import word, wide with context
//% set heads = "heads" in techniques
// rope {{ name }}: both halves of a head turned by the angles of its token, a word of four pairs at a time{{ " for all heads" if heads }}.
{{ directives }}

struct Shape {
  tokens: u32,
  heads: u32,
  words: u32,  // of four elements in half a head, which is padded with zeros
}

// Of each token the cosines, then the sines.
@group(0) @binding(0) var<storage, read> table: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

fn turn(at: u32, c: vec4<f32>, s: vec4<f32>) {
  let a = {{ wide("x", "at") }};
  let b = {{ wide("x", "at + shape.words") }};
  result[at] = a * c - b * s;
  result[at + shape.words] = b * c + a * s;
}

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let threads = {{ groups * workgroup_size }}u;
  let thread = id.x;
  let count = shape.tokens * shape.words{{ " * shape.heads" if not heads }};
//% call(k, u) walk("count", unroll, order)
{
      let row = ({{ k }}) / shape.words;
      let word = ({{ k }}) % shape.words;
//%   if heads
      let place = row * 2u * shape.words + word;
      let c = table[place];
      let s = table[place + shape.words];
      for (var head = 0u; head < shape.heads; head++) {
        turn((row * shape.heads + head) * 2u * shape.words + word, c, s);
      }
//%   else
      let place = row / shape.heads * 2u * shape.words + word;
      turn(row * 2u * shape.words + word, table[place], table[place + shape.words]);
//%   endif
    }
//% endcall
}
