"""The Wasm variants of pointwise: the products of matmul in 32-bit floats."""

from msgspec.structs import replace

from wasm_modules.matmul.variants import NAMED
from wasm_modules.ways import with_threads

_ONE_THREAD = [
    replace(NAMED[f"f32-{how}"], workload="pointwise", quick=how in ("naive", "relaxed"))
    for how in ("naive", "scalar", "simd", "relaxed")
]
VARIANTS = [*_ONE_THREAD, with_threads(_ONE_THREAD[-1])]
