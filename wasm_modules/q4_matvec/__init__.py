"""y = A x in WebAssembly, the weights in 4 bits."""
