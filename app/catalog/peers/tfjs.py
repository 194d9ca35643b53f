"""TensorFlow.js in a page: modules whose one function is a call of it, or the few that its users write."""

from collections.abc import Callable
from typing import Any

import numpy as np

from app.catalog.peers import layouts
from app.catalog.peers.call import Call, call, laid_out
from app.catalog.peers.torch import BITS, BYTES
from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameters
from app.core.workload import Operands
from app.workloads.linear import FULL, ending

FUSED = ("relu",)
"""Activations that ``tf.fused.matMul`` knows, of those that layers here end with."""

ACTIVATED = {
    "none": "",
    "relu": "",
    "silu": "z = tf.mul(z, tf.sigmoid(z));",
    "gelu": "const cubed = tf.mul(tf.mul(z, z), tf.mul(z, 0.044715));\n"
    "  z = tf.mul(z, tf.sigmoid(tf.mul(tf.add(z, cubed), 1.5957691216057308)));",
    "gelu-erf": "z = tf.mul(tf.mul(z, 0.5), tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1));",
}

UNSEEN = -1e9
"""What is added to the score of a token that is not to be seen."""


def _call(
    workload: str,
    name: str,
    summary: str,
    text: str | Callable[[Parameters], str],
    lay_out: Callable[[Operands], Layout],
    **more: Any,
) -> Call:
    return call(Runtime.TFJS, workload, name, f"TensorFlow.js: {summary}", text, lay_out, **more)


def _function(operands: str, answer: str) -> Callable[[Parameters], str]:
    """Braces are the language's, so a size is written ``$rows``."""

    def text(parameters: Parameters) -> str:
        found = answer
        for name, value in parameters.items():
            found = found.replace(f"${name}", str(value))
        return f"export default (tf, {{ {operands} }}) => {found};\n"

    return text


def _linear(parameters: Parameters) -> str:
    activation, bias, residual = ending(int(parameters["ending"]))
    given = ["x", "w", *["bias"] * bias, *["residual"] * residual]
    fused = ["a: x", "b: w", *["bias"] * bias]
    fused += [f'activation: "{activation}"'] * (activation in FUSED)
    lines = [f"let z = tf.fused.matMul({{ {', '.join(fused)} }});", ACTIVATED[activation]]
    lines.append("return tf.add(z, residual);" if residual else "return z;")
    body = "".join(f"  {line}\n" for line in lines if line)
    return f"export default (tf, {{ {', '.join(given)} }}) => {{\n{body}}};\n"


def _causal(operands: Operands) -> Layout:
    """Queries by the heads of keys that they share: (shared, sharing, tokens, size), and who is unseen."""
    tokens, heads, size = operands[0].shape
    found = layouts.heads_first(operands)
    shared = operands[1].shape[1]
    q = found.buffers["q"].reshape(shared, -1, tokens, size)
    k, v = (found.buffers[name].reshape(shared, 1, tokens, size) for name in "kv")
    unseen = np.triu(np.full((tokens, tokens), UNSEEN, np.float32), 1)
    buffers = {"q": q, "k": k, "v": v, "unseen": unseen}
    return laid_out(buffers, (heads, tokens, size), lambda: operands, ["unseen"], found.decode)


def calls() -> list[Call]:
    """What there is a function for, and what there is none for, which every target then says."""
    scores = "tf.matMul(tf.mul(q, $size ** -0.5), k, false, true)"
    return [
        _call("matvec", "f32", "matMul", _function("a, x", "tf.matMul(a, x)"), layouts.column),
        _call("matmul", "f32", "matMul", _function("a, b", "tf.matMul(a, b)"), layouts.matmul),
        _call(
            "matmul",
            "u8",
            "a product of bytes",
            _function("a, b", "tf.matMul(a, b)"),
            layouts.bytes_matmul,
            storage="u8",
            sums="i32",
            requires=[BYTES],
        ),
        _call(
            "linear",
            "f32",
            "fused.matMul, then what the layer ends with",
            _linear,
            layouts.linear,
            sides={"ending": (3, FULL.number)},
        ),
        _call("softmax", "f32", "softmax", _function("x", "tf.softmax(x)"), layouts.rows),
        _call(
            "layernorm",
            "f32",
            "moments and what follows, as its layer does it",
            _function(
                "x, gain, shift",
                "{\n  const { mean, variance } = tf.moments(x, -1, true);\n"
                "  const normed = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-12)));\n"
                "  return tf.add(tf.mul(normed, gain), shift);\n}",
            ),
            layouts.normed,
        ),
        _call("conv2d", "f32", "conv2d", _function("x, w", 'tf.conv2d(x, w, 1, "same")'), layouts.image),
        _call(
            "attention-encoder",
            "f32",
            "two products and a softmax, for it has no attention",
            _function("q, k, v", f"tf.matMul(tf.softmax({scores}), v)"),
            layouts.heads_first,
            sides={"size": (3, 32)},
        ),
        _call(
            "attention-prefill",
            "f32",
            "two products, a mask and a softmax, for it has no attention",
            _function("q, k, v, unseen", f"tf.matMul(tf.softmax(tf.add({scores}, unseen)), v)"),
            _causal,
            sides={"size": (3, 64)},
        ),
        *(
            _call(
                workload,
                "q4",
                "a product with weights of 4 bits",
                _function("x, codes, scales", "tf.matMul(x, codes)"),
                layouts.nbits,
                storage="q4",
                compute="f32",
                requires=[BITS],
            )
            for workload in ("q4-matvec", "q4-matmul")
        ),
    ]
