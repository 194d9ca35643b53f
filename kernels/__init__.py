"""WGSL kernels: one folder per workload, with templates, ``variants.py`` and ``layouts.py``."""
