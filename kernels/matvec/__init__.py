"""y = A x in WGSL."""
