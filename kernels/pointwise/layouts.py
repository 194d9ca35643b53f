"""How the operands of pointwise lie in memory for WGSL: as those of matmul, rows of pixels or of channels."""

from dataclasses import replace
from functools import partial

from app.core.program import Layout, Role
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.pointwise import flat
from app.workloads.quantise import contiguous
from kernels.matmul.layouts import LAYOUTS as MATMUL


def _pixels(name: str, operands: Operands, parameters: Parameters) -> Layout:
    """Y = X W, channels innermost."""
    height, width, _ = operands[0].shape
    product = MATMUL[name](flat(operands), parameters)

    def stored() -> Operands:
        x, w = product.stored()
        return x.reshape(operands[0].shape), w

    return replace(
        product,
        stored=stored,
        decode=lambda raw: product.decode(raw).reshape(height, width, -1),
        roles={"a": Role.ACTIVATIONS},
    )


def _channels(name: str, operands: Operands, parameters: Parameters) -> Layout:
    """Y' = W' X', channels outermost."""
    height, width, inputs = operands[0].shape
    x, w = (contiguous(one.T) for one in flat(operands))
    product = MATMUL[name]((w, x), parameters)

    def stored() -> Operands:
        w, x = product.stored()
        return x.T.reshape(height, width, inputs), w.T

    return replace(
        product,
        stored=stored,
        decode=lambda raw: product.decode(raw).T.reshape(height, width, -1),
        roles={"b": Role.ACTIVATIONS},
    )


LAYOUTS = {
    f"{storage}-{way}{'-nchw' * nchw}": partial(_channels if nchw else _pixels, f"{storage}-{way}")
    for storage in ("f32", "f16")
    for way in ("flat", "words")
    for nchw in (False, True)
}
