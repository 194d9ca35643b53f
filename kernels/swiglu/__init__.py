"""swiglu of each element in WGSL."""
