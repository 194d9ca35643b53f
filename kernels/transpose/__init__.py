"""The transpose of a matrix in WGSL."""
