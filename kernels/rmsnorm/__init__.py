"""rmsnorm of each row in WGSL."""
