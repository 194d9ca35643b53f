//% param operation
//% if operation == "dispatch"
// transfer dispatch: one workgroup copies the numbers, so that a small dispatch is nearly empty and still has a
// result to check. Each run is submitted alone and waited for.

struct Shape {
  count: u32,
}

@group(0) @binding(0) var<storage, read> source: array<f32>;
@group(0) @binding(1) var<storage, read_write> result: array<f32>;
@group(0) @binding(2) var<uniform> shape: Shape;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  for (var i = lane; i < shape.count; i += 64u) {
    result[i] = source[i];
  }
}
//% else
// transfer {{ operation }}: no shader runs. What is timed, in the words of the web's API:
//%   if operation == "upload"
//   queue.writeBuffer(buffer, 0, data); queue.submit([]); await queue.onSubmittedWorkDone();
//%   else
//   encoder.copyBufferToBuffer(buffer, 0, staging, 0, size); queue.submit([encoder.finish()]);
//   await staging.mapAsync(GPUMapMode.READ); view = staging.getMappedRange();
//%     if operation == "download"
//   received = view.slice(); staging.unmap();
//%     else
//   staging.unmap();
//%     endif
//%   endif
//% endif
