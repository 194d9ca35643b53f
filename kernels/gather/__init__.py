"""Rows of a table by their ids in WGSL."""
