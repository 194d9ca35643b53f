"""Attention of one token to a cache in WGSL."""
