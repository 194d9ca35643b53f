"""WebGPU's limits: what every device has at least, and how a value compares with it."""

from enum import StrEnum

from app.figures import units

DEFAULTS = {
    "maxTextureDimension1D": 8192,
    "maxTextureDimension2D": 8192,
    "maxTextureDimension3D": 2048,
    "maxTextureArrayLayers": 256,
    "maxBindGroups": 4,
    "maxBindGroupsPlusVertexBuffers": 24,
    "maxBindingsPerBindGroup": 1000,
    "maxDynamicUniformBuffersPerPipelineLayout": 8,
    "maxDynamicStorageBuffersPerPipelineLayout": 4,
    "maxSampledTexturesPerShaderStage": 16,
    "maxSamplersPerShaderStage": 16,
    "maxStorageBuffersPerShaderStage": 8,
    "maxStorageTexturesPerShaderStage": 4,
    "maxUniformBuffersPerShaderStage": 12,
    "maxUniformBufferBindingSize": 65536,
    "maxStorageBufferBindingSize": 134217728,
    "minUniformBufferOffsetAlignment": 256,
    "minStorageBufferOffsetAlignment": 256,
    "maxVertexBuffers": 8,
    "maxBufferSize": 268435456,
    "maxVertexAttributes": 16,
    "maxVertexBufferArrayStride": 2048,
    "maxInterStageShaderVariables": 16,
    "maxColorAttachments": 8,
    "maxColorAttachmentBytesPerSample": 32,
    "maxComputeWorkgroupStorageSize": 16384,
    "maxComputeInvocationsPerWorkgroup": 256,
    "maxComputeWorkgroupSizeX": 256,
    "maxComputeWorkgroupSizeY": 256,
    "maxComputeWorkgroupSizeZ": 64,
    "maxComputeWorkgroupsPerDimension": 65535,
}
"""https://www.w3.org/TR/webgpu/#limits, the column "Default"; bytes or counts."""

NO_LIMIT = 2**32 - 1
"""What bindings answer where there is none."""


class Standing(StrEnum):
    """How a limit compares with WebGPU's default; better means that it allows more."""

    BETTER = "better"
    DEFAULT = "default"
    WORSE = "worse"
    UNKNOWN = "unknown"


def spelled(name: str) -> str:
    """A limit's name as WebGPU spells it; some bindings write ``maxTextureDimension1d``."""
    return f"{name[:-1]}D" if name.endswith(("Dimension1d", "Dimension2d", "Dimension3d")) else name


def is_bytes(name: str) -> bool:
    """Whether the limit counts bytes."""
    return name.endswith(("Size", "Alignment", "Stride", "BytesPerSample"))


def standing(name: str, value: int) -> Standing:
    """Compare a value with the default. A limit of nothing is one that the binding does not report."""
    default = DEFAULTS.get(name)
    if default is None or value == 0:
        return Standing.UNKNOWN
    if value == default:
        return Standing.DEFAULT
    # An alignment restricts the more the larger it is.
    return Standing.BETTER if (value > default) != name.startswith("min") else Standing.WORSE


def wording(name: str, value: int) -> str:
    """A limit as people read it: ``128 MiB``, ``65535``, ``no limit``."""
    if value == 0:
        return "not reported"
    if value >= NO_LIMIT and not is_bytes(name):
        return "no limit"
    return units.bytes_(value) if is_bytes(name) else str(value)
