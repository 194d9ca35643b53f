"""WebAssembly modules: one folder per workload, with WAT templates, ``variants.py`` and ``layouts.py``.

Every module exports ``memory`` and ``run(repeats, pointers..., result, scalars...)``: pointers to the
layout's buffers in order, to the result, then the layout's scalars. The loop over ``repeats`` is inside.
"""
