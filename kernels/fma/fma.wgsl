//% param name, compute, directives
//% param workgroup_size, chains, width
//% param lanes, steps
//% set integer = {"u8": "u32", "i8": "i32"}.get(compute)
//% set dot4 = {"u8": "dot4U8Packed", "i8": "dot4I8Packed"}.get(compute)
//% set scalar = integer or compute
//% set type = scalar if width == 1 else "vec" ~ width ~ "<" ~ scalar ~ ">"
//% set cast = scalar ~ "(" if width > 1 and scalar != "f32" else ""
//% set unroll = 16
// fma {{ name }}: {{ lanes }} chains of multiply-adds for each number, {{ chains * width }} at a time, on registers alone.
{{ directives }}

// The factors are small integers that the compiler cannot know.
struct Shape {
  count: u32,
  rounds: u32,
//% if dot4
  one: u32,
  gain: {{ integer }},
  back: {{ integer }},
//% else
  double: f32,
  two: f32,
  half: f32,
  one: f32,
  back: f32,
//% endif
}

@group(0) @binding(0) var<storage, read> start: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_size }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x >= shape.count) {
    return;
  }
  let x = start[id.x];
  var total = 0.0;
//% if not dot4
  let double = {{ type }}({{ scalar }}(shape.double));
  let two = {{ type }}({{ scalar }}(shape.two));
  let half = {{ type }}({{ scalar }}(shape.half));
  let one = {{ type }}({{ scalar }}(shape.one));
  let back = {{ type }}({{ scalar }}(shape.back));
//% endif
  for (var lane = 0u; lane < {{ lanes }}u; lane += {{ chains * width }}u) {
    let first = x + f32(lane);
//% for c in range(chains)
    var x{{ c }} = {{ type }}({% for w in range(width) %}{{ ", " if w }}{{ cast }}first + {{ c * width + w }}.0{{ ")" if cast }}{% endfor %});
//% endfor
    for (var round = 0u; round < shape.rounds; round++) {
      for (var i = 0u; i < {{ steps // unroll }}u; i++) {
//% for u in range(unroll // 2)
//%   for c in range(chains)
//%     if dot4
        x{{ c }} = {{ dot4 }}({{ "x%d" % c if compute == "u8" else "bitcast<u32>(x%d)" % c }}, shape.one) + shape.gain;
//%     else
        x{{ c }} = fma(x{{ c }}, double, two);
//%     endif
//%   endfor
//%   for c in range(chains)
//%     if dot4
        x{{ c }} = {{ dot4 }}({{ "x%d" % c if compute == "u8" else "bitcast<u32>(x%d)" % c }}, shape.one) + shape.gain;
//%     else
        x{{ c }} = fma(x{{ c }}, half, one);
//%     endif
//%   endfor
//% endfor
      }
//% for c in range(chains)
      x{{ c }} -= {{ "shape.back" if dot4 else "back" }};
//% endfor
    }
//% for c in range(chains)
//%   if width == 1
    total += f32(x{{ c }});
//%   else
    total += dot(vec{{ width }}<f32>(x{{ c }}), vec{{ width }}<f32>(1.0));
//%   endif
//% endfor
  }
  result[id.x] = total;
}
