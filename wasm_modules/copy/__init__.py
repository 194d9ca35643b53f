"""out = in in WebAssembly."""
