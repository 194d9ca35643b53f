"""Modules that are shipped built, because wasmtime's assembler does not know their instructions.

Each ``.wasm`` lies beside the ``.wat`` it was built from; an engine that is given exactly that text runs it.
"""
