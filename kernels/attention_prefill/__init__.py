"""Attention of a prompt in WGSL."""
