"""Prefix sums in WGSL."""
