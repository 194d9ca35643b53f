"""Embedding models in WGSL: recipes that the variants of their operators fill."""
