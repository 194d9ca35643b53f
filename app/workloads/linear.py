"""linear: Y = ending(X W), the product that layers of models are made of, and what they do to it.

The fourth size of a shape is the number of its ending: tens say which activation, ones what is added.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from app.core.errors import LimitError, UsageError
from app.core.kinds import NORMAL
from app.core.operands import of_kind, without_zeros
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.gelu import gelu
from app.workloads.matmul import flops, reference, sizes, tolerance
from app.workloads.rows import gated

ACTIVATIONS = ("none", "relu", "silu", "gelu", "gelu-erf")
"""``gelu`` is the form with a tanh, as Gemma has it, ``gelu-erf`` the exact one, as BERT and MiniLM do."""


class Ending(NamedTuple):
    """Y = activation(X W + bias) + residual, without what is False."""

    activation: str
    bias: bool = False
    residual: bool = False

    @property
    def number(self) -> int:
        """The size that a shape has it as: 43 is gelu with both."""
        return 10 * (ACTIVATIONS.index(self.activation) + 1) + self.bias + 2 * self.residual

    def __str__(self) -> str:
        """As people write it: ``gelu+bias+residual``."""
        return "+".join([self.activation, *["bias"] * self.bias, *["residual"] * self.residual])


def ending(number: int) -> Ending:
    """The ending of that number.

    Raises:
        UsageError: there is none.
    """
    activation, added = divmod(number, 10)
    if not 1 <= activation <= len(ACTIVATIONS) or added > 3:
        raise UsageError(f"{number} is no ending of linear; there are {', '.join(CONFIGS)}")
    return Ending(ACTIVATIONS[activation - 1], *_added(number))


def ending_of(operands: Operands, written: int | None = None) -> Ending:
    """That of these operands: the last is empty, and so many elements wide. A text has ``written`` one out.

    Raises:
        LimitError: the text was written for another.
    """
    number = operands[-1].shape[1]
    if written is not None and written != number:
        raise LimitError(
            f"its text is for layers that end as {ending(written)}, and this is {ending(number)}"
        )
    return ending(number)


FULL = Ending("gelu", bias=True, residual=True)

CONFIGS = {
    str(one): (one.number,)
    for one in (FULL, *(Ending(*parts) for parts in product(ACTIVATIONS, (False, True), (False, True))))
}
"""Endings by what people write. The first is that of a shape that names none."""


def _added(number: int) -> tuple[bool, bool]:
    """Whether there are a bias and a residual."""
    return bool(number % 2), number % 10 > 1


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    tokens, outputs, inputs = sizes(shape)
    _, bias, residual = ending(shape.sizes[3])
    return (
        (tokens, inputs),
        (inputs, outputs),
        (outputs * bias,),
        (tokens * residual, outputs * residual),
        (0, shape.sizes[3]),
    )


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """X, W of variance 1/inputs, bias and residual, float32, of the shapes that ``_operand_shapes`` names.

    Bias and residual are empty where the ending has none; the last operand is empty, and tells which it is.
    """
    tokens, outputs, inputs = sizes(shape)
    random = np.random.default_rng([seed, tokens, outputs, inputs])
    x, w, bias, residual, which = (
        random.standard_normal(size, dtype=np.float32) for size in _operand_shapes(shape)
    )
    w *= np.float32(inputs**-0.5)
    bias *= np.float32(0.5)
    without_zeros(x, w, bias, residual)
    return (*of_kind(kind, random, x, w), bias, residual, which)


def _activated(activation: str, z: np.ndarray) -> np.ndarray:
    """In the type of ``z``."""
    one = z.dtype.type
    if activation == "relu":
        return np.asarray(np.maximum(z, one(0)))
    if activation == "silu":
        return gated(z, -z)
    if activation == "gelu":
        return gated(z, one(-1.5957691216057308) * (z + one(0.044715) * z * z * z))
    return gelu(z).astype(z.dtype) if activation == "gelu-erf" else z


def _ended(operands: Operands, products: np.ndarray) -> np.ndarray:
    _, _, bias, residual, _ = operands
    activation, biased, added = ending_of(operands)
    z = products + bias.astype(products.dtype) if biased else products
    answer = _activated(activation, z)
    return answer + residual if added else answer


def _reference(operands: Operands) -> np.ndarray:
    """Y (tokens, outputs) in float64."""
    return _ended(operands, reference(operands[:2]))


def _magnitudes(operands: Operands) -> np.ndarray:
    """What is added up in an element, if no term had a sign; none makes an error larger to speak of."""
    x, w, bias, residual, _ = (np.abs(operand).astype(np.float64) for operand in operands)
    sizes: np.ndarray = x @ w
    for more in (bias, residual):
        sizes += more if more.size else 0
    return sizes


def _native(operands: Operands) -> np.ndarray:
    x, w, *_ = operands
    return _ended(operands, x @ w)


def _bytes(shape: Shape, element: float) -> float:
    """X and W at the storage type's size; bias, residual and Y as float32."""
    tokens, outputs, inputs = sizes(shape)
    bias, residual = _added(shape.sizes[3])
    return (tokens + outputs) * inputs * element + 4 * outputs * (bias + tokens * (1 + residual))


def _activations(shape: Shape, element: float) -> float:
    tokens, outputs, inputs = sizes(shape)
    return tokens * inputs * element + 4 * tokens * outputs * _added(shape.sizes[3])[1]


def layer(*sizes: int, like: Ending = FULL) -> Shape:
    """The shape of a layer, tokens x outputs x inputs, that ends so."""
    return Shape(*sizes, like.number, config=str(like), fixed=1)


_BIAS = Ending("none", bias=True)

WORKLOAD = Workload(
    name="linear",
    title="Linear layer Y = activation(X W + bias) + residual",
    dimensions=("tokens", "outputs", "inputs", "ending"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=flops,
    bytes=_bytes,
    activations=_activations,
    tolerance=tolerance,
    magnitudes=_magnitudes,
    default_shapes=tuple(layer(128, n, n) for n in (256, 512, 1024)),
    odd=(layer(1, 37, 300), layer(70, 131, 35, like=Ending("gelu-erf", bias=True))),
    presets={
        "minilm-l6-qkv": layer(512, 1152, 384, like=_BIAS),
        "minilm-l6-out": layer(512, 384, 384, like=Ending("none", bias=True, residual=True)),
        "minilm-l6-up": layer(512, 1536, 384, like=Ending("gelu-erf", bias=True)),
        "minilm-l6-down": layer(512, 384, 1536, like=Ending("none", bias=True, residual=True)),
        "llama-3-8b-out": layer(128, 4096, 4096, like=Ending("none", residual=True)),
        "llama-3.2-1b-out": layer(128, 2048, 2048, like=Ending("none", residual=True)),
        "llama-3.2-1b-gate": layer(128, 8192, 2048, like=Ending("silu")),
        "llama-3.2-1b-up": layer(128, 8192, 2048, like=Ending("none")),
        "gemma-2b-gate": layer(128, 16384, 2048, like=Ending("gelu")),
        "gemma-2b-gate-up": layer(128, 32768, 2048, like=Ending("none")),
        "whisper-tiny-logits": layer(1, 51868, 384, like=Ending("none")),
    },
    configs=CONFIGS,
)
