"""The Wasm variants of linear: matmul's in floats, W packed once, the rest of the layer fused or in steps."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from wasm_modules.matmul.variants import NAMED
from wasm_modules.ways import with_threads

REST = "bias, activation and residual"

ENDING = Parameter("ending", gpu=43, cpu=43, side=3)


def _layer(name: str, how: str) -> Variant:
    product = NAMED[name]
    said = (
        f"{REST} fused" if how == "fused" else "bias with activation, and the residual, as steps of their own"
    )
    return replace(
        product,
        workload="linear",
        name=name if how == "fused" else f"{name}+{how}",
        summary=f"{product.summary}; weights packed once; {said}",
        template="gemm.wat",
        layout=how,
        techniques=(*product.techniques, "packed", how),
        parameters=(*product.parameters, ENDING),
        quick=False,
    )


_FUSED = [_layer(name, "fused") for name in ("f32-scalar", "f32-simd", "f32-relaxed")]

VARIANTS = [*_FUSED, _layer("f32-relaxed", "apart"), with_threads(_FUSED[-1])]
