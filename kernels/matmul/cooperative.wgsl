//% param name, storage, techniques, directives
//% param m, n, k, tiles_down, tiles_across, lanes
//% param ending if "fused" in techniques
//% set result = {"f16": "f32", "i8": "i32", "u8": "u32"}[storage]
//% set element = {"f16": "f16", "i8": "i32", "u8": "u32"}[storage]
{#- Offsets and strides count elements of the array: words of four 8-bit integers. -#}
//% set each = "" if storage == "f16" else " / 4u"
//% set c = "c" if storage == "f16" else "products"
// matmul {{ name }}: C = A B. A subgroup multiplies {{ m }} x {{ k }} by {{ k }} x {{ n }} tiles as one step, {{ tiles_down }} x {{ tiles_across }} of them at a time.
{{ directives }}

struct Shape {
  rows: u32,
  columns: u32,
  depth: u32,  // all three padded with zeros to whole tiles
//% if storage != "f16"
  scale: f32,
//% endif
}

@group(0) @binding(0) var<storage, read> a: array<{{ element }}>;
@group(0) @binding(1) var<storage, read> b: array<{{ element }}>;
//% set fused, number, next = "fused" in techniques, "f32", 2
//% if fused
//%   include "linear/bindings.wgsl"
//%   set next = next + ending % 2 + ending % 10 // 2
//% endif
//% if storage == "f16"
@group(0) @binding({{ next }}) var<storage, read_write> c: array<f32>;
@group(0) @binding({{ next + 1 }}) var<uniform> shape: Shape;
//% else
// What zero points add to the plain sum of products; u32 sums may wrap, the total is exact.
@group(0) @binding(2) var<storage, read> row_zero: array<i32>;
@group(0) @binding(3) var<storage, read> column_zero: array<i32>;
@group(0) @binding(4) var<storage, read_write> products: array<{{ result }}>;
@group(0) @binding(5) var<storage, read_write> c: array<f32>;
@group(0) @binding(6) var<uniform> shape: Shape;
//% endif

//% if fused
//%   include "linear/ending.wgsl"
//% endif

@compute @workgroup_size({{ lanes }})
fn main(@builtin(workgroup_id) workgroup: vec3<u32>{{ ", @builtin(local_invocation_index) lane: u32" if fused }}) {
  let row = workgroup.y * {{ m * tiles_down }}u;
  let column = workgroup.x * {{ n * tiles_across }}u;
//% for r in range(tiles_down)
//%   for w in range(tiles_across)
  var sum{{ r }}_{{ w }} = subgroup_matrix_result<{{ result }}, {{ n }}, {{ m }}>();
//%   endfor
//% endfor
  for (var k = 0u; k < shape.depth; k += {{ k }}u) {
//% for r in range(tiles_down)
    let a{{ r }} = subgroupMatrixLoad<subgroup_matrix_left<{{ storage }}, {{ k }}, {{ m }}>, row_major>(
      &a, ((row + {{ r * m }}u) * shape.depth + k){{ each }}, shape.depth{{ each }});
//% endfor
//% for w in range(tiles_across)
    let b{{ w }} = subgroupMatrixLoad<subgroup_matrix_right<{{ storage }}, {{ n }}, {{ k }}>, row_major>(
      &b, (k * shape.columns + column + {{ w * n }}u){{ each }}, shape.columns{{ each }});
//% endfor
//% for r in range(tiles_down)
//%   for w in range(tiles_across)
    sum{{ r }}_{{ w }} = subgroupMatrixMultiplyAccumulate(a{{ r }}, b{{ w }}, sum{{ r }}_{{ w }});
//%   endfor
//% endfor
  }
//% for r in range(tiles_down)
//%   for w in range(tiles_across)
  subgroupMatrixStore<row_major>(
    &{{ c }}, (row + {{ r * m }}u) * shape.columns + column + {{ w * n }}u, sum{{ r }}_{{ w }}, shape.columns);
//%   endfor
//% endfor
//% if fused
  storageBarrier();
  for (var i = lane; i < {{ m * tiles_down * n * tiles_across }}u; i += {{ lanes }}u) {
    let r = row + i / {{ n * tiles_across }}u;
    let w = column + i % {{ n * tiles_across }}u;
    c[r * shape.columns + w] = epilogue(c[r * shape.columns + w], r, w);
  }
//% endif
}

//% if storage != "f16"
// The products of integers as numbers.
@compute @workgroup_size(64)
fn finish(@builtin(global_invocation_id) id: vec3<u32>) {
  if (id.x < shape.columns && id.y < shape.rows) {
    let at = id.y * shape.columns + id.x;
    c[at] = shape.scale * f32(bitcast<i32>(products[at]) + row_zero[id.y] + column_zero[id.x]);
  }
}
//% endif
