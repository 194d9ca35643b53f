"""Multiply-adds on registers in WGSL."""
