"""Y = X A^T in WebAssembly, the weights in 4 bits."""
