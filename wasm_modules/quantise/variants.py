"""The Wasm variants of quantise. ``f32-scalar`` comes first: it is the baseline where none is named."""

from msgspec.structs import replace

from wasm_modules.ways import float_variants, with_threads

_SCALAR, _SIMD, _FUSED, _ = float_variants("quantise")
_RELAXED = replace(_FUSED, summary="four floats at a time, relaxed truncation")

VARIANTS = [_SCALAR, _SIMD, _RELAXED, with_threads(_RELAXED)]
