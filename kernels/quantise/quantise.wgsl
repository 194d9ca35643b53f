//% param name, directives
//% param rows
//% from "words.wgsl" import word, wide with context
//% from "rows.wgsl" import shared, owner, begin, each, parts, together with context
// quantise {{ name }}: a block as signed bytes, the largest magnitude 127, and their scale; {{ owner }} has {{ rows }} block{{ "s" if rows > 1 }}.
{{ directives }}

struct Shape {
  rows: u32,   // blocks
  words: u32,  // of four elements in a block, which is padded with zeros
}

@group(0) @binding(0) var<storage, read> x: array<{{ word }}>;
// Of each block the codes, four in a word, then the bits of the scale.
@group(0) @binding(1) var<storage, read_write> result: array<u32>;
@group(0) @binding(2) var<uniform> shape: Shape;

{{ parts() }}
{{ begin(rows) }}
//% for r in range(rows)
    var most{{ r }} = vec4<f32>();
//% endfor
//% call(many) each()
//%   for r in range(rows)
      most{{ r }} = max(most{{ r }}, abs({{ wide("x", "base" ~ r ~ " + k") }}));
//%   endfor
//% endcall
//% for r in range(rows)
    {{ together("peak" ~ r, "max(max(most%d.x, most%d.y), max(most%d.z, most%d.w))" % (r, r, r, r), true) }}
    let inverse{{ r }} = 127.0 / max(peak{{ r }}, 1e-30);
    let to{{ r }} = base{{ r }} + base{{ r }} / shape.words;
//% endfor
//% call(many) each()
//%   for r in range(rows)
      result[to{{ r }} + k] = pack4xI8(vec4<i32>(round({{ wide("x", "base" ~ r ~ " + k") }} * inverse{{ r }})));
//%   endfor
//% endcall
{{ "    if (lane == 0u) {" if shared }}
//% for r in range(rows)
    result[to{{ r }} + shape.words] = bitcast<u32>(max(peak{{ r }}, 1e-30) / 127.0);
//% endfor
{{ "    }" if shared }}
  }
}
