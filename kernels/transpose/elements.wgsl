//% param name, techniques
//% param workgroup_x, workgroup_y
//% set gathered = "gathered" in techniques
// transpose {{ name }}: a thread moves one element; neighbouring threads {{ "write" if gathered else "read" }} neighbouring elements.

struct Shape {
  rows: u32,
  columns: u32,
}

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size({{ workgroup_x }}, {{ workgroup_y }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let row = id.{{ "x" if gathered else "y" }};
  let column = id.{{ "y" if gathered else "x" }};
  if (row < shape.rows && column < shape.columns) {
    result[column * shape.rows + row] = x[row * shape.columns + column];
  }
}
