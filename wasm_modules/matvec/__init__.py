"""y = A x in WebAssembly."""
