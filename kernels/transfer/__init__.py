"""Transfers as operations of the WebGPU engine: see ``app.engines.webgpu.transfer``."""
