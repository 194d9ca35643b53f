"""gelu of each element in WebAssembly."""
