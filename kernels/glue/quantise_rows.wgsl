//% param directives, name
//% param rows
//% from "rows.wgsl" import shared, owner, begin, each, parts, together with context
// {{ name }}: each row as signed bytes, its largest magnitude 127, and its scale; {{ owner }} has a row.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,   // of four elements in a row as it comes
  packed: u32,  // words of a row of codes: beyond the row they are zeros
  first: u32,   // the row of the result that the first one becomes
}

@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;
@group(0) @binding(1) var<storage, read_write> codes: array<u32>;
@group(0) @binding(2) var<storage, read_write> scales: array<f32>;
@group(0) @binding(3) var<uniform> shape: Shape;

{{ parts() }}
{{ begin(rows) }}
    var most = vec4<f32>();
//% call(many) each()
      most = max(most, abs(x[base0 + k]));
//% endcall
    {{ together("peak", "max(max(most.x, most.y), max(most.z, most.w))", true) }}
    let scale = max(peak, 1e-30) / 127.0;
    let to = (shape.first + row) * shape.packed;
//% call(many) each(1, "shape.packed")
      codes[to + k] = select(0u, pack4xI8(vec4<i32>(round(x[min(base0 + k, base0 + shape.words - 1u)] / scale))), k < shape.words);
//% endcall
{{ "    if (lane == 0u) {" if shared }}
    scales[shape.first + row] = scale;
{{ "    }" if shared }}
  }
}
