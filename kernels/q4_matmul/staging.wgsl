{#- What a workgroup stages of a block of its rows and tokens; imported `with context`. -#}
//% param compute
//% param tile_rows, tile_tokens, workgroup_x, workgroup_y
//% from "q4_matvec/arithmetic.wgsl" import parts with context
//% from "q4_matmul/words.wgsl" import scaled, pair with context
//% set threads = workgroup_x * workgroup_y
//% set block_rows, block_tokens = tile_rows * workgroup_x, tile_tokens * workgroup_y
//% set word = "u32" if compute == "i8" else "vec4<" ~ compute ~ ">"
//% macro tiles()
// By words of a block, so that neighbouring threads read neighbouring ones.
var<workgroup> tile_a: array<array<{{ word }}, {{ block_rows }}>, 8>;
var<workgroup> tile_x: array<array<{{ word }}, {{ block_tokens }}>, 8>;
//% if compute == "i8"
var<workgroup> tile_scales: array<vec2<f32>, {{ block_rows }}>;
var<workgroup> vector_tile_scales: array<vec2<f32>, {{ block_tokens }}>;
//% endif
//%- endmacro
//% macro stage()
    for (var i = lane; i < {{ block_rows }}u; i += {{ threads }}u) {
      let b = block_of(min(first + i, shape.rows - 1u), k);
//% if compute == "i8"
//%   for i in range(8)
      tile_a[{{ i }}][i] = b.{{ parts[i] }};
//%   endfor
      tile_scales[i] = vec2<f32>(b.scale, b.offset);
//% else
      {{ scaled("b") }}
//%   for i in range(0, 8, 2)
      {{ pair("b", i, "tile_a[%d][i]" % i, "tile_a[%d][i]" % (i + 1)) }}
//%   endfor
//% endif
    }
//% set each = 2 if compute == "i8" else 8
    for (var i = lane; i < {{ each * block_tokens }}u; i += {{ threads }}u) {
      let at = min(token + i / {{ each }}u, shape.tokens - 1u) * shape.blocks + k;
      let word = vector[{{ each }}u * at + i % {{ each }}u];
//% if compute == "i8"
//%   for part in "xyzw"
      tile_x[i % 2u * 4u + {{ loop.index0 }}u][i / 2u] = word.{{ part }};
//%   endfor
      if (i % 2u == 0u) {
        vector_tile_scales[i / 2u] = vector_scales[at];
      }
//% else
      tile_x[i % 8u][i / 8u] = word;
//% endif
    }
//%- endmacro
