"""Convolutions of 1 x 1 in WebAssembly."""
