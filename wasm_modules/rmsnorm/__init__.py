"""rmsnorm of each row in WebAssembly."""
