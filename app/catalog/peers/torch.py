"""PyTorch: what its own functions compute, called one by one as in eager mode."""

from collections.abc import Callable
from typing import Any

from app.catalog.peers import layouts
from app.catalog.peers.call import Call, call
from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.linear import FULL, ending

BYTES, BITS = "8-bit products", "4-bit weights"
"""What there is no public function for, as targets tell."""

ACTIVATED = {
    "none": "",
    "relu": "z = F.relu(z)",
    "silu": "z = F.silu(z)",
    "gelu": 'z = F.gelu(z, approximate="tanh")',
    "gelu-erf": "z = F.gelu(z)",
}


def _call(
    workload: str,
    name: str,
    summary: str,
    body: str | Callable[[Parameters], str],
    lay_out: Callable[[Operands], Layout],
    **more: Any,
) -> Call:
    return call(Runtime.TORCH, workload, name, f"PyTorch: {summary}", body, lay_out, **more)


def _function(operands: str, answer: str) -> str:
    return f"def run({operands}):\n    return {answer}\n"


def _linear(parameters: Parameters) -> str:
    activation, bias, residual = ending(int(parameters["ending"]))
    given = ["x", "w", *["bias"] * bias, *["residual"] * residual]
    lines = [f"z = F.linear(x, w{', bias' * bias})", ACTIVATED[activation]]
    body = "".join(f"    {line}\n" for line in lines if line)
    return f"def run({', '.join(given)}):\n{body}    return z{' + residual' * residual}\n"


def _attention(workload: str, causal: bool) -> Call:
    answer = f"F.scaled_dot_product_attention(q, k, v, is_causal={causal}, enable_gqa=True)"
    return _call(
        workload,
        "f32",
        "scaled_dot_product_attention",
        _function("q, k, v", answer),
        layouts.heads_first,
    )


def calls() -> list[Call]:
    """What there is a function for, and what there is none for, which every target then says."""
    return [
        _call("matvec", "f32", "mv", _function("a, x", "torch.mv(a, x)"), layouts.matvec),
        _call("matmul", "f32", "matmul", _function("a, b", "torch.matmul(a, b)"), layouts.matmul),
        _call(
            "matmul",
            "u8",
            "a product of bytes",
            _function("a, b", "torch.matmul(a, b)"),
            layouts.bytes_matmul,
            storage="u8",
            sums="i32",
            requires=[BYTES],
        ),
        _call(
            "linear",
            "f32",
            "linear, then what the layer ends with",
            _linear,
            layouts.linear_transposed,
            sides={"ending": (3, FULL.number)},
        ),
        _call("softmax", "f32", "softmax", _function("x", "F.softmax(x, dim=-1)"), layouts.rows),
        _call(
            "layernorm",
            "f32",
            "layer_norm",
            _function("x, gain, shift", "F.layer_norm(x, gain.shape, gain, shift, eps=1e-12)"),
            layouts.normed,
        ),
        _call(
            "conv2d",
            "f32",
            "conv2d, channels first",
            _function("x, w", "F.conv2d(x, w, padding=1)"),
            layouts.channels_first,
        ),
        _attention("attention-encoder", causal=False),
        _attention("attention-prefill", causal=True),
        *(
            _call(
                workload,
                "q4",
                "a product with weights of 4 bits",
                _function("x, codes, scales", "F.linear(x, codes)"),
                layouts.nbits,
                storage="q4",
                compute="f32",
                requires=[BITS],
            )
            for workload in ("q4-matvec", "q4-matmul")
        ),
    ]
