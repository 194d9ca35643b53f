"""Attention of a prompt in WebAssembly."""
