//% param name, directives
//% param rows
//% from "words.wgsl" import word, wide with context
//% from "rows.wgsl" import owner, begin, each, parts, together with context
//% from "hand.wgsl" import each_with, answer with context
// rmsnorm {{ name }}: y = x gain / sqrt(mean of x x + eps) over each row; {{ owner }} has {{ rows }} row{{ "s" if rows > 1 }}.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // of four elements; rows are padded with zeros
  columns: f32,
  epsilon: f32,
}

@group(0) @binding(0) var<storage, read> gain: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

{{ parts() }}
{{ begin(rows) }}
//% for r in range(rows)
    var squares{{ r }} = vec4<f32>();
//% endfor
//% call(many) each()
//%   for r in range(rows)
      let w{{ r }} = {{ wide("x", "base" ~ r ~ " + k") }};
      squares{{ r }} += w{{ r }} * w{{ r }};
//%   endfor
//% endcall
//% for r in range(rows)
    {{ together("sum" ~ r, "dot(squares" ~ r ~ ", vec4<f32>(1.0))") }}
    let scale{{ r }} = inverseSqrt(sum{{ r }} / shape.columns + shape.epsilon);
//% endfor
//% call each_with([("g", "gain")])
//%   for r in range(rows)
      let w{{ r }} = {{ wide("x", "base" ~ r ~ " + k") }};
//%   endfor
//%   for r in range(rows)
//%     call answer(r)
w{{ r }} * scale{{ r }} * g
//%     endcall
//%   endfor
//% endcall
  }
}
