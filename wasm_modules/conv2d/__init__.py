"""Convolutions of 3 x 3 in WebAssembly."""
