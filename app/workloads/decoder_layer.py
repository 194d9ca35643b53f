"""decoder-layer: a layer of a language model, for a prompt, or for one token and a cache of the others."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from app.core.errors import UsageError
from app.core.graph import Graph, Model, Node
from app.core.kinds import NORMAL
from app.core.operands import of_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads import graph as graphs
from app.workloads.attention_prefill import FEWEST
from app.workloads.encoder import random_weights, tolerance
from app.workloads.linear import Ending, layer
from app.workloads.rope import BASE

LLAMA, GEMMA = 1, 2
"""Kinds: the gate by SiLU and turns to base 500,000; by GELU with a tanh, to base 10,000."""

BASES = {LLAMA: BASE, GEMMA: 10_000.0}

CONFIGS = {
    "llama-3.2-1b": (2048, 32, 8, 64, 8192, LLAMA),
    "llama-3-8b": (4096, 32, 8, 128, 14336, LLAMA),
    "gemma-2b": (2048, 8, 1, 256, 16384, GEMMA),
    "tiny": (128, 4, 2, 64, 96, LLAMA),
    "tiny-gemma": (128, 2, 1, 32, 160, GEMMA),
}
"""Hidden size, heads, heads of keys, size of a head, size of the feed-forward layer, kind."""

LAYERS = {"llama-3.2-1b": 16, "llama-3-8b": 32, "gemma-2b": 18}
"""Of the whole model, from which tokens a second are derived."""

VOCABULARY = {"llama-3.2-1b": 128256, "llama-3-8b": 128256, "gemma-2b": 256000}
"""Rows of the product that follows the last layer, one for each word."""

PLAIN, ADDED = Ending("none"), Ending("none", residual=True)


def _sizes(shape: Shape) -> tuple[int, ...]:
    """All sizes of ``shape``.

    Raises:
        UsageError: no layer computes that.
    """
    tokens, context, hidden, heads, shared, size, up, kind = shape.sizes
    if kind not in BASES or heads % shared or size % 8 or hidden % 4 or up % 4:
        raise UsageError(f"size {shape}: no decoder layer has such sizes; configs are {', '.join(CONFIGS)}")
    if context < FEWEST:
        raise UsageError(
            f"size {shape.label}: a context of fewer than {FEWEST} tokens shows little; give more"
        )
    if tokens not in (1, context):
        raise UsageError(f"size {shape.label}: give 1 token to a context, or a prompt as {context}x{context}")
    return shape.sizes


def weight_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Those of the weights by name; matrices are inputs x outputs."""
    hidden, heads, shared, size, up = shape.sizes[2:7]
    return {
        "norm 1 gain": (hidden,),
        "query": (hidden, heads * size),
        "key": (hidden, shared * size),
        "value": (hidden, shared * size),
        "output": (heads * size, hidden),
        "norm 2 gain": (hidden,),
        "gate": (hidden, up),
        "up": (hidden, up),
        "down": (up, hidden),
    }


def _attention(shape: Shape) -> Iterator[Node]:
    tokens, context, hidden, heads, shared, size, _, _ = shape.sizes
    yield Node("norm", "rmsnorm", Shape(tokens, hidden), ("norm 1 gain", "x"), "normed")
    for name, count in (("query", heads), ("key", shared), ("value", shared)):
        like = layer(tokens, count * size, hidden, like=PLAIN)
        yield Node(name, "linear", like, ("normed", name, "", "", ""), f"{name}s")
    for name, count in (("query", heads), ("key", shared)):
        yield Node("rope", "rope", Shape(tokens, count, size), ("turns", f"{name}s"), f"turned {name}s")
    seen = Shape(context, heads, shared, size)
    if tokens > 1:
        reads = ("turned querys", "turned keys", "values")
        yield Node("attention", "attention-prefill", seen, reads, "seen")
    else:
        row = Shape(context, shared, size)
        yield Node("append", "append", row, ("key cache", "turned keys"), "all keys")
        yield Node("append", "append", row, ("value cache", "values"), "all values")
        reads = ("turned querys", "all keys", "all values")
        yield Node("attention", "attention-decode", seen, reads, "seen")
    like = layer(tokens, hidden, heads * size, like=ADDED)
    yield Node("output", "linear", like, ("seen", "output", "", "x", ""), "middle")


def _forward(shape: Shape) -> Iterator[Node]:
    tokens, _, hidden, _, _, _, up, kind = shape.sizes
    yield Node("norm", "rmsnorm", Shape(tokens, hidden), ("norm 2 gain", "middle"), "normed again")
    gate = PLAIN if kind == LLAMA else Ending("gelu")
    for name, end in (("gate", gate), ("up", PLAIN)):
        reads = ("normed again", name, "", "", "")
        yield Node(name, "linear", layer(tokens, up, hidden, like=end), reads, f"{name}s")
    gated = "swiglu" if kind == LLAMA else "times"
    yield Node("gated", gated, Shape(tokens, up), ("gates", "ups"), "wide")
    like = layer(tokens, hidden, up, like=ADDED)
    yield Node("down", "linear", like, ("wide", "down", "", "middle", ""), "y")


def _graph(shape: Shape) -> Graph:
    tokens, context, hidden, _, shared, size, _, _ = _sizes(shape)
    caches = ("key cache", "value cache") if tokens == 1 else ()
    shapes = {
        "x": (tokens, hidden),
        "turns": (tokens, size),
        **dict.fromkeys(caches, (context, shared, size)),
        **weight_shapes(shape),
    }
    nodes = (*_attention(shape), *_forward(shape))
    return Graph(shapes, nodes, "y", ("x",), caches, "x")


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of the graph's operands, then an empty one that tells the sizes that these do not."""
    graph = _graph(shape)
    _, context, _, heads, shared, _, _, kind = shape.sizes
    return (*graph.shapes.values(), (0, context, heads, shared, kind))


def _turns(shape: Shape) -> np.ndarray:
    """Cosines, then sines, of each token's angles: its place by ``base^(-2i / size)``."""
    tokens, context, size, kind = *shape.sizes[:2], shape.sizes[5], shape.sizes[7]
    places = np.arange(context - tokens, context)[:, None]
    angles = places * BASES[kind] ** (-2 * np.arange(size // 2) / size)
    return np.concatenate([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x, the tokens' turns, caches, and seeded weights; the last row of a cache is the new token's."""
    graph = _graph(shape)
    random = np.random.default_rng([seed, *shape.sizes])
    weights = random_weights(weight_shapes(shape), random)
    made = {
        name: random.standard_normal(graph.shapes[name], dtype=np.float32) for name in ("x", *graph.state)
    }
    x = made.pop("x")
    (x,) = of_kind(kind, random, x if len(x) > 1 else x[0])
    which = np.zeros(_operand_shapes(shape)[-1], np.float32)
    return x.reshape(graph.shapes["x"]), _turns(shape), *made.values(), *weights.values(), which


@cache
def _named(*sizes: int) -> Shape:
    name = next((name for name, fixed in CONFIGS.items() if fixed == sizes[2:]), "")
    return Shape(*sizes, config=name, fixed=6 if name else 0)


def _shape(operands: Operands) -> Shape:
    x, turns, up = operands[0], operands[1], operands[-3]
    _, context, heads, shared, kind = operands[-1].shape
    return _named(len(x), context, x.shape[1], heads, shared, turns.shape[1], up.shape[1], kind)


def _computed(operands: Operands, exact: bool) -> np.ndarray:
    found = _graph(_shape(operands))
    return graphs.compute(found, dict(zip(found.shapes, operands, strict=False)), exact)


def _whole(shape: Shape) -> tuple[int, float] | None:
    """Layers of the whole model, and its logits as layers by their weights; where a token is written."""
    if shape.config not in LAYERS or shape.rows != 1:
        return None
    own = sum(int(np.prod(size)) for size in weight_shapes(shape).values())
    return LAYERS[shape.config], VOCABULARY[shape.config] * shape.sizes[2] / own


def of_model(config: str, tokens: int, context: int) -> Shape:
    """So many tokens in a context, in a layer of a model."""
    return Shape(tokens, context, *CONFIGS[config], config=config, fixed=6)


WORKLOAD = Workload(
    name="decoder-layer",
    title="Layer of a language model: what it adds to its tokens",
    dimensions=("tokens", "context", "hidden", "heads", "key heads", "head size", "up", "kind"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=lambda operands: _computed(operands, True),
    native=lambda operands: _computed(operands, False).astype(np.float32),
    flops=lambda shape: graphs.flops(_graph(shape)),
    bytes=lambda shape, element: graphs.traffic(_graph(shape), element),
    activations=lambda shape, element: 4.0 * shape.sizes[0] * shape.sizes[2],
    tolerance=tolerance,
    magnitudes=lambda operands: np.ones(operands[0].shape),
    default_shapes=(
        of_model("llama-3.2-1b", 1, 128),
        of_model("llama-3.2-1b", 1, 2048),
        of_model("llama-3.2-1b", 128, 128),
    ),
    odd=(of_model("tiny", 1, 37), of_model("tiny-gemma", 21, 21)),
    configs=CONFIGS,
    model=Model(_graph, _shape, _whole),
)
