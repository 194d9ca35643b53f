"""C = A B in WGSL."""
