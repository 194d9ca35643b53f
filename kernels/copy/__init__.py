"""out = in in WGSL."""
