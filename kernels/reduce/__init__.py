"""The sum of n numbers in WGSL."""
