"""encoder: an embedding model such as all-MiniLM-L6: token ids to one vector of length one for each text."""

from collections.abc import Iterator
from functools import cache

import numpy as np

from app.core.errors import UsageError
from app.core.graph import Graph, Model, Node
from app.core.kinds import NORMAL, check_kind
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads import graph as graphs
from app.workloads import trained
from app.workloads.attention_prefill import FEWEST
from app.workloads.linear import Ending, layer

CONFIGS = {
    "minilm-l6": (384, 12, 1536, 6, 30522, 512),
    "bge-small": (384, 12, 1536, 12, 30522, 512),
    "tiny": (128, 4, 96, 2, 64, 32),
}
"""Hidden size, heads, size of the feed-forward layer, layers, words and places, of models by name."""

BIAS = Ending("none", bias=True)
ADDED = Ending("none", bias=True, residual=True)
GELU = Ending("gelu-erf", bias=True)


def _sizes(shape: Shape) -> tuple[int, ...]:
    """All sizes of ``shape``.

    Raises:
        UsageError: no such model runs on texts of that length.
    """
    _, sequence, hidden, heads, _, _, _, places = shape.sizes
    if hidden % heads or hidden // heads % 4:
        raise UsageError(f"size {shape}: {heads} heads do not share {hidden} in whole words of four")
    if not FEWEST <= sequence <= places:
        raise UsageError(f"size {shape.label}: texts have {FEWEST} to {places} tokens")
    return shape.sizes


def _layer(n: int, tokens: int, shape: Shape, spans: tuple[tuple[int, int], ...]) -> Iterator[Node]:
    hidden, heads, up = shape.sizes[2:5]
    x, p = f"x{n}", f"layer {n} "

    def weights(name: str) -> tuple[str, str]:
        return f"{p}{name}", f"{p}{name} bias"

    def gains(name: str) -> tuple[str, str]:
        return f"{p}{name} shift", f"{p}{name} gain"

    square = layer(tokens, hidden, hidden, like=BIAS)
    for name in ("query", "key", "value"):
        yield Node(name, "linear", square, (x, *weights(name), "", ""), f"{p}{name}s")
    head = Shape(spans[0][1], heads, heads, hidden // heads)
    three = (f"{p}querys", f"{p}keys", f"{p}values")
    yield Node("attention", "attention-encoder", head, three, f"{p}seen", spans)
    added = layer(tokens, hidden, hidden, like=ADDED)
    yield Node("output", "linear", added, (f"{p}seen", *weights("output"), x, ""), f"{p}added")
    norm = Shape(tokens, hidden)
    yield Node("norm", "layernorm", norm, (*gains("norm 1"), f"{p}added"), f"{p}middle")
    wide = layer(tokens, up, hidden, like=GELU)
    yield Node("up", "linear", wide, (f"{p}middle", *weights("up"), "", ""), f"{p}wide")
    narrow = layer(tokens, hidden, up, like=ADDED)
    yield Node("down", "linear", narrow, (f"{p}wide", *weights("down"), f"{p}middle", ""), f"{p}sum")
    yield Node("norm", "layernorm", norm, (*gains("norm 2"), f"{p}sum"), f"x{n + 1}")


def weight_shapes(shape: Shape) -> dict[str, tuple[int, ...]]:
    """Those of the weights by name; matrices are inputs x outputs."""
    hidden, _, up, layers, words, places = shape.sizes[2:]
    found: dict[str, tuple[int, ...]] = {
        "words": (words, hidden),
        "places": (places, hidden),
        "norm 0 shift": (hidden,),
        "norm 0 gain": (hidden,),
    }
    for n in range(layers):
        matrices = dict.fromkeys(("query", "key", "value", "output"), (hidden, hidden))
        for name, size in {**matrices, "up": (hidden, up), "down": (up, hidden)}.items():
            found[f"layer {n} {name}"] = size
            found[f"layer {n} {name} bias"] = size[1:]
        for norm in ("norm 1", "norm 2"):
            found[f"layer {n} {norm} shift"] = found[f"layer {n} {norm} gain"] = (hidden,)
    return found


def graph_of(shape: Shape, lengths: tuple[int, ...]) -> Graph:
    """The model on texts of these lengths, one after the other; ``shape`` gives its other sizes."""
    hidden, _, _, layers, words, places = shape.sizes[2:]
    tokens = sum(lengths)
    starts = np.cumsum((0, *lengths))
    spans = tuple((int(first), count) for first, count in zip(starts, lengths, strict=False))
    looked_up = Node("words", "gather", Shape(tokens, hidden, words), ("words", "ids"), "looked up")
    placed = ("places", "place of token", "looked up")
    nodes = [
        looked_up,
        Node("places", "places", Shape(tokens, hidden, places), placed, "embedded"),
        Node("norm", "layernorm", Shape(tokens, hidden), ("norm 0 shift", "norm 0 gain", "embedded"), "x0"),
    ]
    for n in range(layers):
        nodes += _layer(n, tokens, shape, spans)
    pool = Shape(len(lengths), hidden, tokens)
    nodes.append(Node("pool", "pool", pool, ("starts", f"x{layers}"), "embedding"))
    shapes = {
        "ids": (tokens,),
        "place of token": (tokens,),
        "starts": (len(lengths) + 1,),
        **weight_shapes(shape),
    }
    return Graph(shapes, tuple(nodes), "embedding", ("ids", "place of token", "starts"))


def _graph(shape: Shape) -> Graph:
    batch, sequence, *_ = _sizes(shape)
    return graph_of(shape, (sequence,) * batch)


def _operand_shapes(shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of the graph's operands, then an empty one that tells sequence and heads."""
    return (*_graph(shape).shapes.values(), (0, shape.sizes[1], shape.sizes[3]))


def places_of(lengths: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The place of each token in its text, and where texts begin and the last one ends; whole, float32."""
    places = np.concatenate([np.arange(count) for count in lengths])
    return places.astype(np.float32), np.cumsum((0, *lengths)).astype(np.float32)


OUTLIER = 8.0
"""How much larger one input channel of each matrix is than the others, as in trained layers."""


def random_weights(shapes: dict[str, tuple[int, ...]], random: np.random.Generator) -> dict[str, np.ndarray]:
    """Seeded weights: matrices of variance 1/inputs with a channel of outliers, gains near one."""
    found = {}
    for name, size in shapes.items():
        values = random.standard_normal(size, dtype=np.float32)
        if name.endswith("gain"):
            values = 1 + values * np.float32(0.1)
        elif len(size) == 1:
            values *= np.float32(0.1)
        elif name not in ("words", "places"):
            values *= np.float32(size[0] ** -0.5)
            values[random.integers(size[0])] *= np.float32(OUTLIER)
        found[name] = values
    return found


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """Ids, places and starts, whole numbers; weights, trained or seeded, those with outliers."""
    check_kind(kind)
    batch, sequence, *_ = _sizes(shape)
    random = np.random.default_rng([seed, *shape.sizes])
    ids = random.integers(0, shape.sizes[6], batch * sequence).astype(np.float32)
    shapes = weight_shapes(shape)
    weights = trained.weights(shapes) or random_weights(shapes, random)
    which = np.zeros((0, sequence, shape.sizes[3]), np.float32)
    return ids, *places_of((sequence,) * batch), *weights.values(), which


@cache
def _shape_of(ids: int, sequence: int, *fixed: int) -> Shape:
    name = next((name for name, sizes in CONFIGS.items() if sizes == fixed), "")
    return Shape(ids // sequence, sequence, *fixed, config=name, fixed=6 if name else 0)


def _shape(operands: Operands) -> Shape:
    words, places, up = operands[3], operands[4], operands[3 + 4 + 8]
    layers = (len(operands) - 8) // 16
    _, sequence, heads = operands[-1].shape
    fixed = (words.shape[1], heads, up.shape[1], layers, len(words), len(places))
    return _shape_of(len(operands[0]), sequence, *fixed)


def _computed(operands: Operands, exact: bool) -> np.ndarray:
    found = _graph(_shape(operands))
    return graphs.compute(found, dict(zip(found.shapes, operands, strict=False)), exact)


def _activations(shape: Shape, element: float) -> float:
    return 4.0 * shape.sizes[0] * shape.sizes[1]


def tolerance(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
    """Within which relative error a whole model is right; ``growth`` tells what rounds its activations.

    In 32 bits a layer adds some units in the last place. Where activations are rounded to 16 or 8 bits, a
    difference of 1e-7 becomes a step of that rounding: operators are then held to their own tolerances one by
    one (``app.measure.proof``), and the whole to what no broken kernel meets.
    """
    return min(MOST, 3e-5 * growth)


MOST = 0.4
"""An error beyond which an answer says little of the right one: a cosine of 0.92."""

ROUNDED = {"f32": 1.0, "f16": 1e3, "i8": 1e5}
"""What activations' rounding does to the tolerance, by the type they are rounded to."""


WORKLOAD = Workload(
    name="encoder",
    title="Embedding model: texts of token ids to vectors",
    dimensions=("batch", "sequence", "hidden", "heads", "up", "layers", "words", "places"),
    operand_shapes=_operand_shapes,
    inputs=_inputs,
    reference=lambda operands: _computed(operands, True),
    native=lambda operands: _computed(operands, False).astype(np.float32),
    flops=lambda shape: graphs.flops(_graph(shape)),
    bytes=lambda shape, element: graphs.traffic(_graph(shape), element),
    activations=_activations,
    tolerance=tolerance,
    # An error is one of the whole vector: none of its elements is computed by itself.
    magnitudes=lambda operands: np.ones((len(operands[2]) - 1, operands[3].shape[1])),
    default_shapes=tuple(
        Shape(1, n, *CONFIGS["minilm-l6"], config="minilm-l6", fixed=6) for n in (32, 128, 512)
    ),
    odd=(Shape(2, 17, *CONFIGS["tiny"], config="tiny", fixed=6),),
    configs=CONFIGS,
    model=Model(_graph, _shape),
)
