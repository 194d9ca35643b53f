//% param name, storage, compute, sums, techniques
//% param tile
//% from "matmul/words.wgsl" import dot4, fused, a_element, sum_type with context
//% set wide = false
//% set splits = false
//% macro product(a, b)
//%   if dot4
dot4U8Packed({{ a }}, {{ b }})
//%-  elif compute == sums and storage == compute
{{ a }} * {{ b }}
//%-  else
f32({{ a }} * {{ b }})
//%-  endif
//% endmacro
//% if "shared" in techniques
// matmul {{ name }}: C = A B. A workgroup stages {{ tile }} x {{ tile }} tiles of A and B; a thread computes one element.
//% else
// matmul {{ name }}: C = A B. A thread computes one element{{ ", four products at a time" if dot4 }}.
//% endif
//% include "matmul/header.wgsl"
//% if "shared" in techniques

var<workgroup> tile_a: array<{{ a_element }}, {{ tile * tile }}>;
var<workgroup> tile_b: array<{{ a_element }}, {{ tile * tile }}>;
//% endif

@compute @workgroup_size({{ tile }}, {{ tile }})
fn main(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
) {
  let row = id.y;
  let column = id.x;
//% if "shared" in techniques
  // Every thread takes part in staging, so none returns early; what lies outside is staged as zero.
  let depth = shape.depth;
  var sum = {{ sum_type }}(0);
  for (var k = 0u; k < depth; k += {{ tile }}u) {
    var a_value = {{ a_element }}(0);
    if (row < shape.rows && k + local.x < depth) {
      a_value = a[row * depth + k + local.x];
    }
    var b_value = {{ a_element }}(0);
    if (column < shape.columns && k + local.y < depth) {
      b_value = b[(k + local.y) * shape.columns + column];
    }
    tile_a[local.y * {{ tile }}u + local.x] = a_value;
    tile_b[local.y * {{ tile }}u + local.x] = b_value;
    workgroupBarrier();
//%   for i in range(tile)
    sum += {{ product("tile_a[local.y * " ~ tile ~ "u + " ~ i ~ "u]", "tile_b[" ~ i * tile ~ "u + local.x]") }};
//%   endfor
    workgroupBarrier();
  }
  if (row >= shape.rows || column >= shape.columns) {
    return;
  }
//% else
  if (row >= shape.rows || column >= shape.columns) {
    return;
  }
  var sum = {{ sum_type }}(0);
  for (var k = 0u; k < shape.depth; k++) {
    sum += {{ product("a[row * shape.depth + k]", "b[k * shape.columns + column]") }};
  }
//% endif
//% if dot4
  c[row * shape.columns + column] = shape.scale * f32(bitcast<i32>(sum) + row_zero[row] + column_zero[column]);
//% else
  c[row * shape.columns + column] = {{ "epilogue(f32(sum), row, column)" if fused else "f32(sum)" }};
//% endif
}
