"""What a device's limits say to a program, known from its layout and text before anything is allocated."""

from collections.abc import Iterator, Mapping

from app.core.errors import LimitError
from app.core.program import Program
from app.core.split import BINDING, bound_bytes
from app.core.workgroups import asked

Need = tuple[str, int, str]
"""A limit as WebGPU spells it, what is asked of it, and of what that is so many."""


WGPUS_OWN = (1 << 31) - 1
"""The largest buffer that wgpu grants where it trusts no driver with more, whatever a card holds: through
Vulkan on Linux without NVIDIA's, through D3D12 and OpenGL."""


def check_gpu(program: Program, limits: Mapping[str, int]) -> None:
    """Refuse what a WebGPU device cannot bind or dispatch, or cannot be trusted to refuse itself.

    Raises:
        LimitError: naming the limit, its value and what the program needs.
    """
    for name, need, what in needs(program):
        # 0 is a limit that the binding does not tell.
        if need > (limit := limits.get(name, 0)) > 0:
            whose = ", a limit of wgpu's own" if limit == WGPUS_OWN else ""
            raise LimitError(f"needs {need} {what}; {name} is {limit}{whose}")


def needs(program: Program) -> Iterator[Need]:
    """What ``program`` asks of a WebGPU device's limits, as far as layout and text tell."""
    layout = program.layout
    steps = layout.run
    bound = max(bound_bytes(layout, binding) for step in steps for binding in step.bindings)
    yield BINDING, bound, "bytes in one buffer"
    yield "maxBufferSize", max(layout.sizes.values()), "bytes in one buffer"
    most = max(len(step.bindings) for step in steps)
    yield "maxStorageBuffersPerShaderStage", most, "storage buffers"
    largest = max(max(step.grid) for step in steps)
    yield "maxComputeWorkgroupsPerDimension", largest, "workgroups in one dimension"
    for text, entry in dict.fromkeys((program.text(step), step.entry) for step in steps):
        found = asked(text, entry)
        if found.bytes is not None:
            yield "maxComputeWorkgroupStorageSize", found.bytes, "bytes of workgroup memory"
        if found.size is not None:
            x, y, z = found.size
            yield "maxComputeInvocationsPerWorkgroup", x * y * z, "invocations in a workgroup"
            for axis, size in zip("XYZ", found.size, strict=True):
                yield f"maxComputeWorkgroupSize{axis}", size, f"invocations along {axis.lower()}"
