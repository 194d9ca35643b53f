"""layernorm of each row in WebAssembly."""
