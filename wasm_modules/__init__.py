"""WebAssembly modules: one folder per workload, with WAT templates, ``variants.py`` and ``layouts.py``.

Every module exports ``memory`` and ``run(repeats, pointers..., result, scalars...)``: pointers to the
layout's buffers in order, to its scratch, to the result, then the layout's scalars. The loop over
``repeats`` is inside. Addresses, counts and scalars that are whole numbers are i32, or i64 on 64-bit memory.

A module for several threads imports its memory as ``kernelscope.memory`` and takes two arguments more:
the number of its thread and the number of threads. Each thread has an instance of its own. The first 64 bytes
of a memory belong to no operand; threads meet there (``share.wat``).

Some variants have an ``operation``: the engine then times that instead of ``run``. What
wasmtime's assembler does not know, or another tool transforms, is shipped built in ``resources/wasm``.
Parameters that engines read: ``opt_level``, ``threads``, ``base_gib`` (where operands begin).
"""
