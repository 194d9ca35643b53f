"""y = A x in WGSL, the weights in 4 bits."""
