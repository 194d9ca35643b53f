"""softmax of each row in WGSL."""
