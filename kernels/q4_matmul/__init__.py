"""Y = X A^T in WGSL, the weights in 4 bits."""
