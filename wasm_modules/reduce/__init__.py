"""The sum of a vector in WebAssembly."""
