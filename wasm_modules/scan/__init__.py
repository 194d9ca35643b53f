"""Prefix sums in WebAssembly."""
