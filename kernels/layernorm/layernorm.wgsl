//% param name, techniques, directives
//% param rows
//% from "words.wgsl" import word, wide with context
//% from "rows.wgsl" import owner, shared, begin, each, parts, together with context
//% from "hand.wgsl" import each_with, answer with context
// layernorm {{ name }}: y = (x - mean) / sqrt(variance + eps) gain + shift over each row; {{ owner }} has {{ rows }} row{{ "s" if rows > 1 }}.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // of four elements; rows are padded with zeros
  count: u32,  // of elements in a row
  columns: f32,  // the same
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read> shift: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(4) var<uniform> shape: Shape;

{{ parts() }}
// 1 for each element of word k, 0 for what pads it.
fn inside(k: u32) -> vec4<f32> {
  return select(vec4<f32>(0.0), vec4<f32>(1.0), vec4<u32>(4u * k) + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(shape.count));
}

//% macro move(k, mask="")
//%   for r in range(rows)
      let w{{ r }} = {{ wide("x", "base" ~ r ~ " + " ~ k) }};
      let off{{ r }} = w{{ r }} - sum{{ r }};
      sum{{ r }} += off{{ r }} * share;
      squares{{ r }} += {{ mask }}off{{ r }} * (w{{ r }} - sum{{ r }});
//%   endfor
//% endmacro
{{ begin(rows) }}
//% for r in range(rows)
    var sum{{ r }} = vec4<f32>();
    var squares{{ r }} = vec4<f32>();
//% endfor
//% if "online" in techniques
    // Welford: the mean so far moves with each word, and the squares count from the means before and after.
    let whole = shape.count / 4u;
    var seen = 0.0;
//%   call(many) each(words="whole")
      seen += 1.0;
      let share = 1.0 / seen;
      {{ move("k") | trim }}
//%   endcall
    var count = vec4<f32>(seen);
    if (whole < shape.words{{ " && lane == 0u" if shared }}) {
      let mask = inside(whole);
      count += mask;
      let share = mask / max(count, vec4<f32>(1.0));
      {{ move("whole", "mask * ") | trim }}
    }
//%   for r in range(rows)
    {{ together("total" ~ r, "dot(count, sum" ~ r ~ ")") }}
    let mean{{ r }} = total{{ r }} / shape.columns;
    let off{{ r }} = sum{{ r }} - mean{{ r }};
    squares{{ r }} += count * off{{ r }} * off{{ r }};
//%   endfor
//% else
//%   call(many) each()
//%     for r in range(rows)
      sum{{ r }} += {{ wide("x", "base" ~ r ~ " + k") }};
//%     endfor
//%   endcall
//%   for r in range(rows)
    {{ together("total" ~ r, "dot(sum" ~ r ~ ", vec4<f32>(1.0))") }}
    let mean{{ r }} = total{{ r }} / shape.columns;
//%   endfor
//%   call(many) each()
      let mask = inside(k);
//%     for r in range(rows)
      let off{{ r }} = mask * ({{ wide("x", "base" ~ r ~ " + k") }} - mean{{ r }});
      squares{{ r }} += off{{ r }} * off{{ r }};
//%     endfor
//%   endcall
//% endif
//% for r in range(rows)
    {{ together("spread" ~ r, "dot(squares" ~ r ~ ", vec4<f32>(1.0))") }}
    let scale{{ r }} = inverseSqrt(spread{{ r }} / shape.columns + shape.epsilon);
//% endfor
//% call each_with([("g", "gain"), ("s", "shift")])
//%   for r in range(rows)
      let w{{ r }} = {{ wide("x", "base" ~ r ~ " + k") }};
//%   endfor
//%   for r in range(rows)
//%     call answer(r)
(w{{ r }} - mean{{ r }}) * scale{{ r }} * g + s
//%     endcall
//%   endfor
//% endcall
  }
}
