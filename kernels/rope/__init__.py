"""rope of each head in WGSL."""
