//% param name
//% param m, n, k, tiles_down, tiles_across, lanes
//% from "q4_matmul/words.wgsl" import scaled, pair with context
//% set several = true
//% set down, across = m * tiles_down, n * tiles_across
// q4-matmul {{ name }}: Y = X A^T. A subgroup unpacks a block of each of {{ across }} rows beside that of each of {{ down }} tokens, and
// multiplies {{ m }} x {{ k }} by {{ k }} x {{ n }} tiles of them as one step.

//% include "q4_matvec/header.wgsl"

// The 32 elements of a row's block after those of another's, and so those of tokens.
var<workgroup> tile_a: array<f16, {{ 32 * across }}>;
var<workgroup> tile_x: array<f16, {{ 32 * down }}>;
var<workgroup> tile_y: array<f32, {{ down * across }}>;

@compute @workgroup_size({{ lanes }})
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  let first = workgroup.x * {{ across }}u;
  let token = workgroup.y * {{ down }}u;
//% for t in range(tiles_down)
//%   for r in range(tiles_across)
  var sum{{ t }}_{{ r }} = subgroup_matrix_result<f32, {{ n }}, {{ m }}>();
//%   endfor
//% endfor
  for (var k = 0u; k < shape.blocks; k++) {
    workgroupBarrier();
    for (var i = lane; i < {{ across }}u; i += {{ lanes }}u) {
      let b = block_of(min(first + i, shape.rows - 1u), k);
      {{ scaled("b") }}
//% for i in range(0, 8, 2)
      {{ pair("b", i, "let word%d" % i, "let word%d" % (i + 1)) }}
//%   for c in range(8)
      tile_a[32u * i + {{ 4 * i + c }}u] = word{{ i + c // 4 }}.{{ "xyzw"[c % 4] }};
//%   endfor
//% endfor
    }
    for (var i = lane; i < {{ 8 * down }}u; i += {{ lanes }}u) {
      let word = vector[8u * (min(token + i / 8u, shape.tokens - 1u) * shape.blocks + k) + i % 8u];
//% for c in range(4)
      tile_x[4u * i + {{ c }}u] = word.{{ "xyzw"[c] }};
//% endfor
    }
    workgroupBarrier();
//% for u in range(0, 32, k)
    {
//%   for t in range(tiles_down)
      let x{{ t }} = subgroupMatrixLoad<subgroup_matrix_left<f16, {{ k }}, {{ m }}>, row_major>(&tile_x, {{ t * m * 32 + u }}u, 32u);
//%   endfor
//%   for r in range(tiles_across)
      let a{{ r }} = subgroupMatrixLoad<subgroup_matrix_right<f16, {{ n }}, {{ k }}>, col_major>(&tile_a, {{ r * n * 32 + u }}u, 32u);
//%   endfor
//%   for t in range(tiles_down)
//%     for r in range(tiles_across)
      sum{{ t }}_{{ r }} = subgroupMatrixMultiplyAccumulate(x{{ t }}, a{{ r }}, sum{{ t }}_{{ r }});
//%     endfor
//%   endfor
    }
//% endfor
  }
//% for t in range(tiles_down)
//%   for r in range(tiles_across)
  subgroupMatrixStore<row_major>(&tile_y, {{ t * m * across + r * n }}u, sum{{ t }}_{{ r }}, {{ across }}u);
//%   endfor
//% endfor
  workgroupBarrier();
  for (var i = lane; i < {{ down * across }}u; i += {{ lanes }}u) {
    let row = first + i % {{ across }}u;
    if (row < shape.rows && token + i / {{ across }}u < shape.tokens) {
      result[(token + i / {{ across }}u) * shape.columns + row] = tile_y[i];
    }
  }
}
