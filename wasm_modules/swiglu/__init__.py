"""swiglu of each element in WebAssembly."""
