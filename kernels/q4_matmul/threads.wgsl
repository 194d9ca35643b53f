//% param name, compute
//% param tile_rows, tile_tokens, workgroup_x, workgroup_y
//% from "q4_matvec/arithmetic.wgsl" import load_x, product with context
//% from "q4_matmul/words.wgsl" import scaled, pair with context
//% set several = true
//% set rows, tokens = range(tile_rows), range(tile_tokens)
// q4-matmul {{ name }}: Y = X A^T. Each thread has {{ tile_rows }} rows by {{ tile_tokens }} tokens; what it unpacks of a row is for all of these.

//% include "q4_matvec/header.wgsl"

@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let first = id.x * {{ tile_rows }}u;
  let token = id.y * {{ tile_tokens }}u;
//% for r in rows
  let row{{ r }} = min(first + {{ r }}u, shape.rows - 1u);
//%   for t in tokens
  var sum{{ r }}_{{ t }} = 0.0;
//%   endfor
//% endfor
//% for t in tokens
  let vector{{ t }} = min(token + {{ t }}u, shape.tokens - 1u) * shape.blocks;
//% endfor
  for (var k = 0u; k < shape.blocks; k++) {
//% for r in rows
    let b{{ r }} = block_of(row{{ r }}, k);
//% endfor
//% if compute == "i8"
//%   for t in tokens
    {
      {{ load_x("(vector%d + k)" % t, 0, 1) | trim }}
//%     for r in rows
      sum{{ r }}_{{ t }} += {{ product("b%d" % r) }};
//%     endfor
    }
//%   endfor
//% else
//%   for r in rows
    {{ scaled("b%d" % r) }}
//%   endfor
//%   for i in range(0, 8, 2)
    {
//%     for r in rows
      {{ pair("b%d" % r, i, "let a%d" % r, "let next%d" % r) }}
//%     endfor
//%     for t in tokens
      let x{{ t }} = vector[8u * (vector{{ t }} + k) + {{ i }}u];
      let then{{ t }} = vector[8u * (vector{{ t }} + k) + {{ i + 1 }}u];
//%       for r in rows
      sum{{ r }}_{{ t }} += f32(dot(a{{ r }}, x{{ t }})) + f32(dot(next{{ r }}, then{{ t }}));
//%       endfor
//%     endfor
    }
//%   endfor
//% endif
  }
//% for t in tokens
  if (token + {{ t }}u < shape.tokens) {
//%   for r in rows
    if (first + {{ r }}u < shape.rows) {
      result[(token + {{ t }}u) * shape.columns + first + {{ r }}u] = sum{{ r }}_{{ t }};
    }
//%   endfor
  }
//% endfor
}
