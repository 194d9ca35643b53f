"""Convolutions of each channel by itself in WGSL."""
