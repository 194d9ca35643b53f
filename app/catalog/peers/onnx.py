"""ONNX Runtime, native and in a page: models of one node, or of the few that a layer is.

A text has an operator a line, with attributes by name; ``app.catalog.peers.model`` makes the model of it.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from app.catalog.peers import layouts
from app.catalog.peers.call import Call, call
from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.linear import FULL, ending

BITS = {
    "q4": ("4-bit weights, its products in 32-bit floats", 0),
    "q4-a8": ("4-bit weights, activations rounded to 8 bits inside", 4),
}
"""Products with weights of 4 bits: what they are, and MatMulNBits' ``accuracy_level``."""

ACTIVATED = {
    "none": "",
    "relu": "z = Relu(z)",
    "silu": "z = com.microsoft.QuickGelu(z, alpha=1.0)",
    "gelu": 'z = Gelu(z, approximate="tanh")',
    "gelu-erf": "z = Gelu(z)",
}


def _call(
    workload: str,
    name: str,
    summary: str,
    text: str | Callable[[Parameters], str],
    lay_out: Callable[[Operands], Layout],
    **more: Any,
) -> Call:
    return call(Runtime.ONNX, workload, name, f"ONNX Runtime: {summary}", text, lay_out, **more)


def _linear(parameters: Parameters) -> str:
    activation, bias, residual = ending(int(parameters["ending"]))
    lines = ["z = MatMul(x, w)", *["z = Add(z, bias)"] * bias, ACTIVATED[activation]]
    lines += ["z = Add(z, residual)"] * residual
    return "\n".join(filter(None, lines)) + "\n"


def _nbits(workload: str, name: str, sides: dict[str, tuple[int, int]]) -> Call:
    summary, level = BITS[name]
    return _call(
        workload,
        name,
        f"MatMulNBits, {summary}",
        "y = com.microsoft.MatMulNBits(x, codes, scales, K={columns}, N={rows}, bits=4, block_size=32, "
        f"accuracy_level={level})\n",
        partial(layouts.nbits, eight=bool(level)),
        storage="q4",
        compute="i8" if level else "f32",
        sides=sides,
    )


def _attention(workload: str, causal: int) -> Call:
    return _call(
        workload,
        "f32",
        "Attention, whose heads share keys as they may",
        f"y = Attention(q, k, v, q_num_heads={{heads}}, kv_num_heads={{shared}}, is_causal={causal})\n",
        layouts.tokens_first,
        sides={"heads": (1, 12), "shared": (2, 12)},
    )


def calls() -> list[Call]:
    """What there is an operator for; the first of each workload is its baseline."""
    integers = "y = MatMulInteger({}, {}, uint8(128), uint8(128))\n"
    in_bytes = {"storage": "u8", "sums": "i32"}
    return [
        _call("matvec", "f32", "the weights on the left", "y = MatMul(a, x)\n", layouts.matvec),
        _call(
            "matvec",
            "f32+transposed",
            "the weights on the right, as layers have them",
            "y = MatMul(x, a)\n",
            layouts.matvec_transposed,
        ),
        _call(
            "matvec",
            "u8",
            "MatMulInteger of bytes",
            integers.format("x", "a"),
            layouts.bytes_matvec,
            **in_bytes,
        ),
        _call("matmul", "f32", "both sides come anew", "y = MatMul(a, b)\n", layouts.matmul),
        _call(
            "matmul",
            "f32+constant",
            "B is a weight, packed once",
            "y = MatMul(a, b)\n",
            layouts.matmul_constant,
        ),
        _call(
            "matmul",
            "u8",
            "MatMulInteger of bytes",
            integers.format("a", "b"),
            layouts.bytes_matmul,
            **in_bytes,
        ),
        _call(
            "matmul",
            "u8+constant",
            "MatMulInteger of bytes, B packed once",
            integers.format("a", "b"),
            partial(layouts.bytes_matmul, constant=True),
            **in_bytes,
        ),
        _call(
            "linear",
            "f32",
            "a product and what the layer ends with, fused as it likes",
            _linear,
            layouts.linear,
            sides={"ending": (3, FULL.number)},
        ),
        _call("softmax", "f32", "Softmax", "y = Softmax(x, axis=-1)\n", layouts.rows),
        _call(
            "layernorm",
            "f32",
            "LayerNormalization",
            "y = LayerNormalization(x, gain, shift, axis=-1, epsilon=1e-12)\n",
            layouts.normed,
        ),
        _call(
            "conv2d",
            "f32",
            "Conv, channels first",
            "y = Conv(x, w, pads=[1, 1, 1, 1])\n",
            layouts.channels_first,
        ),
        _attention("attention-encoder", 0),
        _attention("attention-prefill", 1),
        *(_nbits("q4-matvec", name, {"columns": (1, 64), "rows": (0, 64)}) for name in BITS),
        *(_nbits("q4-matmul", name, {"columns": (2, 64), "rows": (1, 64)}) for name in BITS),
    ]
