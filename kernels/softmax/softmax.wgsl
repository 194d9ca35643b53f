//% param name, techniques, directives
//% param unroll
//% from "words.wgsl" import word, wide with context
//% from "rows.wgsl" import owner, begin, each, at, parts, together with context
// softmax {{ name }}: y = exp(x - max) / sum over each row; {{ owner }} has a row.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // of four elements; rows are padded with what exp makes zero
}

@group(0) @binding(0) var<storage, read> x: array<{{ word }}>;
@group(0) @binding(1) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> shape: Shape;

//% macro load(many)
//%   for i in range(many)
    let w{{ i }} = {{ wide("x", "base0 + " ~ at(i)) }};
//%   endfor
//% endmacro
//% macro greatest(many)
{% for i in range(1, many) %}max({% endfor %}w0{% for i in range(1, many) %}, w{{ i }}){% endfor -%}
//% endmacro
{{ parts() }}
{{ begin(1) }}
//% if "online" in techniques
    // What was added up before a larger element came is scaled down to that one.
    var largest = -3e38;
    var sums = vec4<f32>();
//%   call(many) each(unroll)
      {{ load(many) }}
      let high = {{ greatest(many) }};
      let next = max(max(largest, max(high.x, high.y)), max(high.z, high.w));
      sums = sums * exp(largest - next){% for i in range(many) %} + exp(w{{ i }} - next){% endfor %};
      largest = next;
//%   endcall
    {{ together("top", "largest", true) }}
    {{ together("sum", "dot(sums, vec4<f32>(exp(largest - top)))") }}
//% else
    var largest = vec4<f32>(-3e38);
//%   call(many) each(unroll)
      {{ load(many) }}
      largest = max(largest, {{ greatest(many) }});
//%   endcall
    {{ together("top", "max(max(largest.x, largest.y), max(largest.z, largest.w))", true) }}
    var sums = vec4<f32>();
//%   call(many) each(unroll)
      {{ load(many) }}
      sums += exp(w0 - top){% for i in range(1, many) %} + exp(w{{ i }} - top){% endfor %};
//%   endcall
    {{ together("sum", "dot(sums, vec4<f32>(1.0))") }}
//% endif
    let scale = 1.0 / sum;
//% call(many) each(unroll)
      {{ load(many) }}
//%   for i in range(many)
      result[base0 + {{ at(i) }}] = exp(w{{ i }} - top) * scale;
//%   endfor
//% endcall
  }
}
