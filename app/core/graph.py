"""A model as operators over named tensors: what its float64 answer is made of, and what a recipe fills."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from app.core.shape import Shape
from app.figures import units

Span = tuple[int, int]
"""The first of some rows, and how many they are."""


@dataclass(frozen=True)
class Node:
    """An operator over tensors: a workload of that name, or one of ``app.workloads.glue``.

    ``reads`` are tensors in the order of the operator's operands; an empty name is an operand that this case
    of it leaves out, such as a bias. Where there are ``spans``, it treats these rows of its tensors each for
    itself, as attention does sentences; the first size of ``shape`` is then that of the first span. ``name``
    is what people call it: nodes of several layers share one.
    """

    name: str
    operator: str
    shape: Shape
    reads: tuple[str, ...]
    writes: str
    spans: tuple[Span, ...] = ()

    def of_span(self, rows: int) -> Shape:
        """The operator's shape for a span of so many rows."""
        return Shape(rows, *self.shape.sizes[1:])


@dataclass(frozen=True)
class Graph:
    """``nodes`` in the order they run; ``shapes`` are those of the model's operands by name, in their order.

    ``activations`` are operands that come anew with each call, ``state`` those that stay, such as a cache;
    the others are weights. ``answer`` is the tensor that counts, told without the tensor ``beside`` where
    there is one: a layer's residual would hide half of its error.
    """

    shapes: Mapping[str, tuple[int, ...]]
    nodes: tuple[Node, ...]
    answer: str
    activations: tuple[str, ...]
    state: tuple[str, ...] = ()
    beside: str = ""


@dataclass(frozen=True)
class Model:
    """How a workload that is a model becomes operators: its graph at a shape, and the shape of operands.

    Where it is one layer of a larger model, ``whole`` tells how many layers that has, and how many the
    product behind the last is worth by its weights: the choice of a word. None where nobody knows.
    """

    graph: Callable[[Shape], Graph]
    shape: Callable[[tuple[np.ndarray, ...]], Shape]
    whole: Callable[[Shape], tuple[int, float] | None] = lambda _: None

    def derived(self, shape: Shape, seconds: float) -> str:
        """What the seconds of a layer would make of the whole model, with its formula; empty where unknown.

        It is no measurement: layers take as long as this one, and logits as long as their weights do here.
        """
        found = self.whole(shape)
        if found is None:
            return ""
        layers, logits = found
        rate = 1 / (seconds * (layers + logits))
        return (
            f"derived, not measured: {rate:.3g} tokens/s = 1 / ({units.seconds(seconds)} × "
            f"({layers} layers + {logits:.2g} for the logits)), context {shape.sizes[1]}"
        )
