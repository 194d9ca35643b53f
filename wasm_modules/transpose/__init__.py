"""The transpose of a matrix in WebAssembly."""
