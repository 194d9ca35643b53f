"""Embedding models as one WebAssembly module: recipes that the variants of their operators fill."""
