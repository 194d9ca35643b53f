"""How a web page finds out whether it may use a feature, and the line that a kernel then begins with."""

from msgspec import Struct


class FeatureTest(Struct, frozen=True):
    """``test`` is a JavaScript expression that is true where the feature can be used.

    ``ask`` is what to request it with, ``kernel`` the line of WGSL that the text must begin with; empty where
    none is needed.
    """

    test: str
    ask: str = ""
    kernel: str = ""


def _module(code: str) -> str:
    return f"WebAssembly.validate(new Uint8Array([{code}]))"


TESTS = {
    "shader-f16": FeatureTest(
        'adapter.features.has("shader-f16")', 'requiredFeatures: ["shader-f16"]', "enable f16;"
    ),
    "subgroups": FeatureTest(
        'adapter.features.has("subgroups")', 'requiredFeatures: ["subgroups"]', "enable subgroups;"
    ),
    "packed_4x8_integer_dot_product": FeatureTest(
        'navigator.gpu.wgslLanguageFeatures.has("packed_4x8_integer_dot_product")',
        kernel="requires packed_4x8_integer_dot_product;",
    ),
    # (func (result v128) i32.const 0  i8x16.splat  i8x16.popcnt)
    "simd": FeatureTest(
        _module("0,97,115,109,1,0,0,0,1,5,1,96,0,1,123,3,2,1,0,10,10,1,8,0,65,0,253,15,253,98,11")
    ),
    # (func (result v128) i32.const 1  i8x16.splat  i32.const 2  i8x16.splat  i8x16.relaxed_swizzle)
    "relaxed-simd": FeatureTest(
        _module(
            "0,97,115,109,1,0,0,0,1,5,1,96,0,1,123,3,2,1,0,10,15,1,13,0,65,1,253,15,65,2,253,15,253,128,2,11"
        )
    ),
}
"""By the names that variants require. The Wasm modules are the smallest that need the instructions."""
