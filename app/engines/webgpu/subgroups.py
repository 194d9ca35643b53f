"""How many lanes a subgroup has: asked of a shader, because ``adapter.info`` invents figures."""

from typing import Any

import numpy as np
import wgpu

SHADER = """
@group(0) @binding(0) var<storage, read_write> size: u32;

@compute @workgroup_size(128)
fn main(@builtin(subgroup_size) subgroup_size: u32, @builtin(local_invocation_index) lane: u32) {
  if (lane == 0u) {
    size = subgroup_size;
  }
}
"""


def subgroup_size(device: Any) -> int | None:
    """Lanes in a subgroup of a compute shader on ``device``; None where it has no subgroups."""
    if "subgroup" not in device.features:
        return None
    buffer = device.create_buffer(size=4, usage=wgpu.BufferUsage.STORAGE | wgpu.BufferUsage.COPY_SRC)
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_compute_pipeline(
        layout="auto", compute={"module": module, "entry_point": "main"}
    )
    bindings = device.create_bind_group(
        layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": buffer}}]
    )
    encoder = device.create_command_encoder()
    compute = encoder.begin_compute_pass()
    compute.set_pipeline(pipeline)
    compute.set_bind_group(0, bindings)
    compute.dispatch_workgroups(1)
    compute.end()
    device.queue.submit([encoder.finish()])
    size = int(np.frombuffer(device.queue.read_buffer(buffer), np.uint32)[0])
    return size or None
