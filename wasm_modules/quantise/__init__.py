"""quantise, to 8 bits in blocks, in WebAssembly."""
