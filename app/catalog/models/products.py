"""A layer's product as each workload has it that multiplies by weights: which operand is what there."""

from typing import NamedTuple

import numpy as np

from app.core.graph import Node
from app.core.shape import Shape
from app.core.variant import Variant
from app.core.workload import Operands
from app.workloads.linear import ending

QUANTISED = {
    frozenset(("a", "row_scales")): "rows",
    frozenset(("vector", "vector_scales")): "blocks",
}
"""How activations become integers, by the buffers that these and their scales are in."""

NAMES: dict[str, tuple[tuple[str, ...], ...]] = {
    "linear": (("a",), (), (), ("residual",), ()),
    "matmul": (("a", "row_scales"), ()),
    "q4-matmul": ((), ("a", "vector", "vector_scales")),
    "matvec": ((), ("vector", "vector_scales")),
    "q4-matvec": ((), ("vector", "vector_scales")),
    "gather": ((), ("ids",)),
    "layernorm": ((), (), ("x",)),
    "rmsnorm": ((), ("x",)),
    "rope": (("table",), ("x",)),
    "swiglu": (("gate",), ("up",)),
    "attention-encoder": (("queries",), ("keys",), ("values",)),
    "attention-prefill": (("queries",), ("keys",), ("values",)),
    "attention-decode": (("queries",), ("keys", "key_scales"), ("values", "value_scales")),
}
"""The buffers of each operand that another operator computes; those of weights are none of these."""


class Case(NamedTuple):
    """What a variant computes for a node: ``shape`` of its workload, and ``tensors`` for its operands.

    These are numbers of the node's operands; ``turned`` are those that it takes transposed. ``ends`` says
    whether the layer's ending is its own affair; ``transposed`` that its answer is.
    """

    shape: Shape
    tensors: tuple[int, ...]
    turned: tuple[int, ...] = ()
    ends: bool = True
    transposed: bool = False
    names: tuple[tuple[str, ...], ...] = ()


def case_of(node: Node, variant: Variant) -> Case:
    """The case of ``variant`` that ``node`` is, ``node`` being a layer's product or any other operator."""
    if node.operator != "linear" or variant.workload == "linear":
        count = len(node.reads)
        return Case(node.shape, tuple(range(count)), names=NAMES.get(variant.workload, ((),) * count))
    tokens, outputs, inputs, _ = node.shape.sizes
    names = NAMES[variant.workload]
    if variant.workload == "matmul" and "blocks" in variant.techniques:
        # Blocks of the left side are those of weights, the columns of the right one tokens.
        own = ((), ("vector", "vector_scales"))
        return Case(Shape(outputs, tokens, inputs), (1, 0), (1, 0), False, True, own)
    if variant.workload == "matmul":
        return Case(Shape(tokens, outputs, inputs), (0, 1), (), False, False, names)
    if variant.workload == "q4-matmul":
        return Case(Shape(tokens, outputs, inputs), (1, 0), (1,), False, False, names)
    return Case(Shape(outputs, inputs), (1, 0), (1,), False, False, names)


def as_taken(case: Case, operands: Operands) -> Operands:
    """The operands of the variant's own workload, of those of the node."""
    found = tuple(operands[i].T if i in case.turned else operands[i] for i in case.tensors)
    if len(case.shape.sizes) == 2 and not case.ends:
        return found[0], found[1].reshape(-1)  # one token's activations are a vector
    return found


def as_given(case: Case, count: int, stored: Operands) -> dict[int, np.ndarray]:
    """What was stored, by the numbers of the node's operands."""
    return {
        i: one.T if i in case.turned else one
        for i, one in zip(case.tensors, stored, strict=True)
        if i < count
    }


def is_plain(node: Node) -> bool:
    """Whether a layer's product is all there is to it."""
    end = ending(node.shape.sizes[3])
    return end.activation == "none" and not end.bias and not end.residual
