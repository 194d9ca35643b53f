"""layernorm of each row in WGSL."""
