"""The words of Kernelscope as frozen types and pure functions: no Qt, no wgpu, no wasmtime, no files."""
