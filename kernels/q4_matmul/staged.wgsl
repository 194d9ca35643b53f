//% param name
//% param compute
//% param tile_rows, tile_tokens, workgroup_x, workgroup_y
//% from "q4_matmul/staging.wgsl" import block_rows, block_tokens, tiles, stage with context
//% set several = true
//% set rows, tokens = range(tile_rows), range(tile_tokens)
// q4-matmul {{ name }}: Y = X A^T. A workgroup stages a block of each of {{ block_rows }} rows, {{ "its codes a byte each" if compute == "i8" else "unpacked" }}, and of {{ block_tokens }} tokens;
// a thread has {{ tile_rows }} rows by {{ tile_tokens }} tokens of them.

//% include "q4_matvec/header.wgsl"

{{ tiles() }}

@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let first = workgroup.x * {{ block_rows }}u;
  let token = workgroup.y * {{ block_tokens }}u;
//% for r in rows
//%   for t in tokens
  var sum{{ r }}_{{ t }} = 0.0;
//%   endfor
//% endfor
  for (var k = 0u; k < shape.blocks; k++) {
    workgroupBarrier();
    {{ stage() }}
    workgroupBarrier();
//% if compute == "i8"
//%   for r in rows
//%     for t in tokens
    var dot{{ r }}_{{ t }} = 0i;
//%     endfor
//%   endfor
//% endif
//% for i in range(8)
    {
//%   for r in rows
      let a{{ r }} = tile_a[{{ i }}][local.x + {{ r * workgroup_x }}u];
//%   endfor
//%   for t in tokens
      let x{{ t }} = tile_x[{{ i }}][local.y + {{ t * workgroup_y }}u];
//%   endfor
//%   for r in rows
//%     for t in tokens
//%       if compute == "i8"
      dot{{ r }}_{{ t }} += dot4I8Packed(a{{ r }}, x{{ t }});
//%       else
      sum{{ r }}_{{ t }} += f32(dot(a{{ r }}, x{{ t }}));
//%       endif
//%     endfor
//%   endfor
    }
//% endfor
//% if compute == "i8"
//%   for r in rows
    let scales{{ r }} = tile_scales[local.x + {{ r * workgroup_x }}u];
//%   endfor
//%   for t in tokens
    let scaled{{ t }} = vector_tile_scales[local.y + {{ t * workgroup_y }}u];
//%     for r in rows
    sum{{ r }}_{{ t }} += scales{{ r }}.x * scaled{{ t }}.x * f32(dot{{ r }}_{{ t }}) + scales{{ r }}.y * scaled{{ t }}.y;
//%     endfor
//%   endfor
//% endif
  }
//% for t in tokens
  if (token + local.y + {{ t * workgroup_y }}u < shape.tokens) {
//%   for r in rows
    if (first + local.x + {{ r * workgroup_x }}u < shape.rows) {
      result[(token + local.y + {{ t * workgroup_y }}u) * shape.columns + first + local.x + {{ r * workgroup_x }}u] = sum{{ r }}_{{ t }};
    }
//%   endfor
  }
//% endfor
}
