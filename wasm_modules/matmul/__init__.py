"""C = A B in WebAssembly."""
