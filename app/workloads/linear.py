"""linear: Y = gelu(X W + bias) + residual, the product that layers of models are made of."""

import numpy as np

from app.core.kinds import NORMAL
from app.core.operands import of_kind, without_zeros
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads.matmul import flops, reference, sizes, tolerance
from app.workloads.rows import gated


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    tokens, outputs, inputs = sizes(shape)
    return (tokens, inputs), (inputs, outputs), (outputs,), (tokens, outputs)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """X, W of variance 1/inputs, bias and residual, float32, of the shapes that ``_operand_shapes`` names."""
    tokens, outputs, inputs = sizes(shape)
    random = np.random.default_rng([seed, tokens, outputs, inputs])
    x, w, bias, residual = (random.standard_normal(size, dtype=np.float32) for size in _operand_shapes(shape))
    w *= np.float32(inputs**-0.5)
    bias *= np.float32(0.5)
    without_zeros(x, w, bias, residual)
    return (*of_kind(kind, random, x, w), bias, residual)


def gelu(z: np.ndarray) -> np.ndarray:
    """The form with a tanh, as Gemma has it: z times a sigmoid. In the type of ``z``."""
    one = z.dtype.type
    return gated(z, one(-1.5957691216057308) * (z + one(0.044715) * z * z * z))


def _reference(operands: Operands) -> np.ndarray:
    """Y (tokens, outputs) in float64."""
    x, w, bias, residual = operands
    answer: np.ndarray = gelu(reference((x, w)) + bias.astype(np.float64))
    answer += residual
    return answer


def _magnitudes(operands: Operands) -> np.ndarray:
    """What is added up in an element, if no term had a sign; gelu makes an error no larger to speak of."""
    x, w, bias, residual = (np.abs(operand).astype(np.float64) for operand in operands)
    sizes: np.ndarray = x @ w
    sizes += bias
    sizes += residual
    return sizes


def _native(operands: Operands) -> np.ndarray:
    x, w, bias, residual = operands
    return gelu(x @ w + bias) + residual


def _bytes(shape: Shape, element: float) -> float:
    """X and W at the storage type's size; bias, residual and Y as float32."""
    tokens, outputs, inputs = sizes(shape)
    return (tokens + outputs) * inputs * element + 4 * outputs + 8 * tokens * outputs


def _activations(shape: Shape, element: float) -> float:
    tokens, outputs, inputs = sizes(shape)
    return tokens * inputs * element + 4 * tokens * outputs


WORKLOAD = Workload(
    name="linear",
    title="Linear layer Y = gelu(X W + bias) + residual",
    dimensions=("tokens", "outputs", "inputs"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=_reference,
    native=_native,
    flops=flops,
    bytes=_bytes,
    activations=_activations,
    tolerance=tolerance,
    magnitudes=_magnitudes,
    default_shapes=tuple(Shape(128, n, n) for n in (256, 512, 1024)),
    odd=(Shape(1, 37, 300), Shape(70, 131, 35)),
    presets={
        "minilm-l6-qkv": Shape(512, 1152, 384),
        "minilm-l6-up": Shape(512, 1536, 384),
        "minilm-l6-down": Shape(512, 384, 1536),
        "llama-3-8b-out": Shape(128, 4096, 4096),
        "llama-3.2-1b-out": Shape(128, 2048, 2048),
        "llama-3.2-1b-up": Shape(128, 8192, 2048),
        "gemma-2b-gate-up": Shape(128, 32768, 2048),
        "whisper-tiny-logits": Shape(1, 51868, 384),
    },
)
