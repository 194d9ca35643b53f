"""What a recipe's rounding does to a model's answers: embeddings of texts, beside those in float64."""

import json
from functools import lru_cache
from importlib.resources import files

import numpy as np

from app.catalog.models.compose import of_graph
from app.core.measurement import Quality
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import Variant
from app.engines import Device
from app.workloads import encoder, trained
from app.workloads.graph import compute


@lru_cache(maxsize=1)
def texts() -> tuple[tuple[int, ...], ...]:
    """The token ids of ``resources/sentences.json``, by the vocabulary that BERT, MiniLM and BGE share."""
    found = json.loads(files("resources").joinpath("sentences.json").read_bytes())
    return tuple(tuple(one["ids"]) for one in found["sentences"])


def quality(device: Device, target: Target, variant: Variant, case: Case) -> Quality | None:
    """The quality of a recipe with trained weights on ``device``; None where there are none.

    Raises:
        KernelscopeError: the target cannot run it.
    """
    shapes = encoder.weight_shapes(case.shape) if case.workload == "encoder" else {}
    weights = trained.weights(shapes) if shapes else None
    if weights is None:
        return None
    lengths = tuple(map(len, texts()))
    graph = encoder.graph_of(case.shape, lengths)
    ids = np.concatenate([np.array(one, np.float32) for one in texts()])
    operands = (ids, *encoder.places_of(lengths), *weights.values())
    program = of_graph(variant, graph, operands, case.parameters, target.dialect)
    kernel = device.prepare(program)
    try:
        kernel.time(1)
        answer = program.layout.decode(kernel.result())
    finally:
        kernel.close()
    exact = _exact(case.shape.sizes, str(trained.file()))
    return judged(answer, exact, trained.label())


@lru_cache(maxsize=2)
def _exact(sizes: tuple[int, ...], path: str) -> np.ndarray:
    """The embeddings in float64, by the weights in that file."""
    shape, lengths = Shape(*sizes), tuple(map(len, texts()))
    graph = encoder.graph_of(shape, lengths)
    weights = trained.weights(encoder.weight_shapes(shape))
    assert weights
    ids = np.concatenate([np.array(one, np.float32) for one in texts()])
    operands = (ids, *encoder.places_of(lengths), *weights.values())
    return compute(graph, dict(zip(graph.shapes, operands, strict=True)))


def judged(answer: np.ndarray, exact: np.ndarray, label: str) -> Quality:
    """``answer`` beside ``exact``, both (texts, size of an embedding), rows of length one or nearly."""
    unit = answer / np.linalg.norm(answer, axis=1, keepdims=True)
    cosine = float((unit * exact).sum(axis=1).min())
    ours, theirs = unit @ unit.T, exact @ exact.T
    above = np.triu_indices(len(exact), 1)
    rank = float(np.corrcoef(_ranks(ours[above]), _ranks(theirs[above]))[0, 1])
    for one in (ours, theirs):
        np.fill_diagonal(one, -np.inf)
    nearest = float(np.mean(ours.argmax(axis=1) == theirs.argmax(axis=1)))
    return Quality(cosine, rank, nearest, len(exact), label)


def _ranks(values: np.ndarray) -> np.ndarray:
    return values.argsort().argsort().astype(np.float64)
