"""attention-prefill: each token of a prompt looks at those before it, in heads that may share their keys."""

from collections.abc import Callable
from functools import partial

import numpy as np

from app.core.errors import UsageError
from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import UNIT_ROUNDOFF, Operands, Workload

FEWEST = 16
"""Tokens: the first of a prompt sees itself alone, whatever the queries are."""

Head = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


def sizes(shape: Shape) -> tuple[int, int, int, int]:
    """Tokens, heads, heads of keys and values, and the size of a head.

    Raises:
        UsageError: the heads of queries cannot share those of keys and values evenly.
    """
    tokens, heads, shared, size = shape.sizes
    if heads % shared:
        raise UsageError(f"size {shape}: {heads} heads cannot share {shared} heads of keys and values evenly")
    return tokens, heads, shared, size


def seen(shape: Shape, what: str) -> tuple[tuple[int, ...], ...]:
    """Those of keys and values: (tokens, heads, size of a head); ``what`` they are is told of too few.

    Raises:
        UsageError: there are too few tokens to tell that an answer follows its queries, or ``sizes`` refuses.
    """
    tokens, _, shared, size = sizes(shape)
    if tokens < FEWEST:
        raise UsageError(f"size {shape}: {what} of fewer than {FEWEST} tokens shows little; give more")
    return (tokens, shared, size), (tokens, shared, size)


def operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of queries, keys and values: (tokens, heads, size of a head).

    Raises:
        UsageError: as ``seen``.
    """
    tokens, heads, _, size = sizes(shape)
    return (tokens, heads, size), *seen(shape, "attention")


def inputs(
    shapes: Callable[[Shape], tuple[tuple[int, ...], ...]], shape: Shape, seed: int, kind: str = NORMAL
) -> Operands:
    """Queries, keys and values, float32, normal, as a layer's projections of normalised tokens are."""
    random = np.random.default_rng([seed, *shape.sizes])
    arrays = [random.standard_normal(one, dtype=np.float32) for one in shapes(shape)]
    # A single token's query is a vector.
    of_kind(kind, random, *(array.reshape((len(array), -1) if len(array) > 1 else -1) for array in arrays))
    return tuple(arrays)


def _over_heads(function: Head, operands: Operands) -> np.ndarray:
    """``function`` of each head's queries and the keys and values that it shares, as float64."""
    queries, keys, values = operands
    group = queries.shape[1] // keys.shape[1]
    heads = [
        function(
            *(
                array[:, i].astype(np.float64)
                for array, i in ((queries, h), (keys, h // group), (values, h // group))
            )
        )
        for h in range(queries.shape[1])
    ]
    return np.stack(heads, axis=1)


def _weights(queries: np.ndarray, keys: np.ndarray, causal: bool) -> tuple[np.ndarray, np.ndarray]:
    """How much each query takes of each key, and how far its score is below the largest."""
    scores = queries @ keys.T
    scores *= scores.dtype.type(keys.shape[1] ** -0.5)
    if causal:
        scores[np.triu_indices(len(scores), 1)] = -np.inf
    below = scores.max(axis=1, keepdims=True) - scores
    weights = np.exp(-below)
    return weights / weights.sum(axis=1, keepdims=True), below


def _answer(causal: bool, queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.asarray(_weights(queries, keys, causal)[0] @ values)


def native(causal: bool, operands: Operands) -> np.ndarray:
    """NumPy's own answer, float32: all queries that share a head of keys are one product with them."""
    queries, keys, values = operands
    tokens, heads, size = queries.shape
    group = heads // keys.shape[1]
    unseen = np.triu(np.full((tokens, tokens), -np.inf, np.float32), 1) if causal else np.float32(0)
    answer = np.empty_like(queries)
    for h in range(keys.shape[1]):
        own = slice(h * group, (h + 1) * group)
        together = queries[:, own].transpose(1, 0, 2).reshape(-1, size) * np.float32(size**-0.5)
        scores = (together @ keys[:, h].T).reshape(group, tokens, -1)
        scores += unseen
        scores -= scores.max(axis=2, keepdims=True)
        weights = np.exp(scores, out=scores)
        weights /= weights.sum(axis=2, keepdims=True)
        found = weights.reshape(group * tokens, -1) @ values[:, h]
        answer[:, own] = found.reshape(group, tokens, size).transpose(1, 0, 2)
    return answer


def _sizes_of_errors(causal: bool, queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Each value as much as it weighs, by what the rounding of its score makes of that.

    A score is off by units of |q| |k|, and exp takes it below the largest, rounded once more; what the
    weights are off by moves their sum, and with it every value.
    """
    weights, below = _weights(queries, keys, causal)
    scores = np.abs(queries) @ np.abs(keys).T * keys.shape[1] ** -0.5
    off = weights * (1 + scores + np.where(np.isfinite(below), below, 0))
    sizes_: np.ndarray = off @ np.abs(values) + off.sum(axis=1, keepdims=True) * (weights @ np.abs(values))
    return sizes_


def _pairs(causal: bool, tokens: int) -> int:
    return tokens * (tokens + 1) // 2 if causal else tokens * tokens


def _flops(causal: bool, shape: Shape) -> int:
    """A product for the score and one for the value of each pair; five more for its softmax."""
    tokens, heads, _, size = sizes(shape)
    return (4 * size + 5) * heads * _pairs(causal, tokens)


def _bytes(shape: Shape, element: float) -> float:
    tokens, heads, shared, size = sizes(shape)
    return tokens * size * ((heads + 2 * shared) * element + 4 * heads)


def _tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """Four units of what rounding may do to an element (``magnitudes``); random errors stay well below.

    Products in 16 bits leave no such room: of random terms, whose errors cancel as the terms themselves do,
    so much would hide a forgotten key. What cancels more than those does may be off by as much more.
    """
    exact = 4 * UNIT_ROUNDOFF["f32"] * condition * growth
    if compute != "f16":
        return max(1e-6, exact)
    tokens, _, _, size = sizes(shape)
    return float(exact + 6 * UNIT_ROUNDOFF["f16"] * max(1.0, condition / (tokens * size) ** 0.5))


def of_model(config: str, tokens: int) -> Shape:
    """So many tokens in the heads of a model."""
    return Shape(tokens, *CONFIGS[config], config=config, fixed=3)


def attention(name: str, title: str, causal: bool, usual: str) -> Workload:
    """The workload of attention where tokens look at those before them, or at all; in a ``usual`` model."""
    return Workload(
        name=name,
        title=title,
        dimensions=("tokens", "heads", "key heads", "head size"),
        operand_shapes=operand_shapes,
        inputs=partial(inputs, operand_shapes),
        reference=lambda operands: _over_heads(partial(_answer, causal), operands),
        native=partial(native, causal),
        flops=partial(_flops, causal),
        bytes=_bytes,
        tolerance=_tolerance,
        magnitudes=lambda operands: _over_heads(partial(_sizes_of_errors, causal), operands),
        activations=lambda shape, element: _bytes(shape, element) - _bytes(shape, 0),
        default_shapes=tuple(of_model(usual, tokens) for tokens in (64, 128, 256)),
        configs={usual: CONFIGS[usual], **CONFIGS},
        odd=(Shape(17, 6, 2, 12), Shape(70, 2, 1, 7)),
    )


CONFIGS = {
    "minilm-l6": (12, 12, 32),
    "llama-3.2-1b": (32, 8, 64),
    "llama-3-8b": (32, 8, 128),
    "gemma-2b": (8, 1, 256),
}
"""Heads, heads of keys and values, and the size of a head, by the names of models."""

WORKLOAD = attention(
    "attention-prefill", "Attention of a prompt: softmax(Q K' / sqrt(d)) V, causal", True, "llama-3.2-1b"
)
