"""rope of each head in WebAssembly."""
