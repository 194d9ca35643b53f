//% param name, techniques
//% param tile
//% set pitch = tile + 1 if "padded" in techniques else tile
// transpose {{ name }}: a workgroup reads a tile of {{ tile }} x {{ tile }} in order and writes it in order, turned over in its memory.
//% if "padded" in techniques
// Its rows there have one element more, so that a column lies in as many banks as a row does.
//% endif

struct Shape {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

var<workgroup> tile: array<f32, {{ tile * pitch }}>;

@compute @workgroup_size({{ tile }}, {{ tile }})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let first_row = group.y * {{ tile }}u;
  let first_column = group.x * {{ tile }}u;
  let from_row = min(first_row + local.y, shape.rows - 1u);
  let from_column = min(first_column + local.x, shape.columns - 1u);
  tile[local.y * {{ pitch }}u + local.x] = x[from_row * shape.columns + from_column];
  workgroupBarrier();
  let row = first_row + local.x;
  let column = first_column + local.y;
  if (row < shape.rows && column < shape.columns) {
    result[column * shape.rows + row] = tile[local.x * {{ pitch }}u + local.y];
  }
}
