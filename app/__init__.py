"""Kernelscope: which WebGPU or WebAssembly feature makes this kernel faster here, and by how much?"""

__version__ = "0.1.0"
