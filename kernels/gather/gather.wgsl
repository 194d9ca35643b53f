//% param name, directives
//% param unroll
//% from "words.wgsl" import word, wide with context
//% from "rows.wgsl" import owner, begin, each, at with context
// gather {{ name }}: rows of a table by their ids; {{ owner }} has a row.
{{ directives }}

struct Shape {
  rows: u32,
  words: u32,  // of four elements in a row
  known: u32,  // rows of the table
}

@group(0) @binding(0) var<storage, read> table: array<{{ word }}>;
@group(0) @binding(1) var<storage, read> ids: array<u32>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;
@group(0) @binding(3) var<uniform> shape: Shape;

{{ begin(1) }}
    // An id that there is not reads a row that there is, and gives zeros.
    let id = ids[row];
    let there = select(0.0, 1.0, id < shape.known);
    let place = min(id, shape.known - 1u) * shape.words;
//% call(many) each(unroll)
//%   for i in range(many)
      result[base0 + {{ at(i) }}] = there * {{ wide("table", "place + " ~ at(i)) }};
//%   endfor
//% endcall
  }
}
