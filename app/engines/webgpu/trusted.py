"""Shaders without the web's bounds checks and loop guards, through wgpu-native's C API."""

from typing import Any

from wgpu.backends.wgpu_native import GPUShaderModule, ffi, lib

NO_CHECKS = 0
"""``WGPUShaderRuntimeChecks_None`` of wgpu.h."""


def unchecked(device: Any, source: str) -> Any:
    """The module of ``source``, compiled as it stands.

    ``wgpuDeviceCreateShaderModuleTrusted`` is not wrapped by wgpu-py. Only call it with a text that compiled
    with checks: errors are not reported here.
    """
    text = ffi.new("char []", source.encode())
    view = ffi.new("WGPUStringView *", {"data": text, "length": len(source.encode())})
    wgsl = ffi.new("WGPUShaderSourceWGSL *")
    wgsl.chain.next = ffi.NULL
    wgsl.chain.sType = lib.WGPUSType_ShaderSourceWGSL
    wgsl.code = view[0]
    descriptor = ffi.new("WGPUShaderModuleDescriptor *")
    descriptor.nextInChain = ffi.cast("WGPUChainedStruct *", wgsl)
    module = lib.wgpuDeviceCreateShaderModuleTrusted(device._internal, descriptor, NO_CHECKS)
    return GPUShaderModule("", module, device)
