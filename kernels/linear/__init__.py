"""Y = gelu(X W + bias) + residual in WGSL."""
