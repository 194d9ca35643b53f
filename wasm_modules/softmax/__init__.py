"""softmax of each row in WebAssembly."""
