"""Multiply-adds on registers in WebAssembly."""
