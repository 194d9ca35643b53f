"""Bytes in and out in WebAssembly."""
