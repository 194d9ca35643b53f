"""gelu of each element in WGSL."""
