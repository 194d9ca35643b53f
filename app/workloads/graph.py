"""Graphs of operators computed in NumPy: a model's exact answer, and NumPy's own."""

from collections.abc import Callable, Mapping

import numpy as np

from app.core.graph import Graph, Node
from app.core.shape import Shape
from app.core.workload import Operands, Workload
from app.workloads import glue

Tensors = Mapping[str, np.ndarray]


def _workload(operator: str) -> Workload:
    from app.workloads import workloads  # which finds the models too, and these are made of graphs

    return workloads()[operator]


def operand_shapes(operator: str, shape: Shape) -> tuple[tuple[int, ...], ...]:
    """Those of the operands of an operator, glue or workload."""
    if operator in glue.GLUE:
        return glue.operand_shapes(operator, shape)
    return _workload(operator).operand_shapes(shape)


def answer_of(operator: str, exact: bool = True) -> Callable[[Operands], np.ndarray]:
    """What computes an operator: in float64, or as NumPy likes it."""
    if operator in glue.GLUE:
        return glue.GLUE[operator]
    workload = _workload(operator)
    return workload.reference if exact or workload.native is None else workload.native


def operands_of(
    node: Node, shape: Shape, find: Callable[[str], np.ndarray], rows: slice | None = None
) -> Operands:
    """The operands of ``node`` from what ``find`` gives for a name; those of a span have these ``rows``."""
    found = []
    for name, size in zip(node.reads, operand_shapes(node.operator, shape), strict=True):
        tensor = find(name) if name else np.zeros(size, np.float32)
        found.append((tensor if rows is None or not name else tensor[rows]).reshape(size))
    return tuple(found)


def compute(graph: Graph, operands: Tensors, exact: bool = True) -> np.ndarray:
    """The graph's answer: every operator in float64, or as float32 NumPy has it."""
    tensors = dict(operands)
    for node in graph.nodes:
        function = answer_of(node.operator, exact)
        if node.spans:
            parts = []
            for first, count in node.spans:
                rows = slice(first, first + count)
                parts.append(
                    function(operands_of(node, node.of_span(count), tensors.__getitem__, rows)).reshape(
                        count, -1
                    )
                )
            tensors[node.writes] = np.concatenate(parts)
        else:
            tensors[node.writes] = function(operands_of(node, node.shape, tensors.__getitem__))
    return told(graph, tensors[graph.answer], tensors)


def told(graph: Graph, answer: np.ndarray, operands: Tensors) -> np.ndarray:
    """The answer as it counts: without what stands beside it."""
    return (
        answer - operands[graph.beside].reshape(answer.shape).astype(np.float64) if graph.beside else answer
    )


def flops(graph: Graph) -> int:
    """Those of all operators; glue has none to speak of."""
    return sum(
        _workload(node.operator).flops(shape)
        for node in graph.nodes
        if node.operator not in glue.GLUE
        for shape in ([node.of_span(count) for _, count in node.spans] or [node.shape])
    )


def traffic(graph: Graph, element: float) -> float:
    """The least bytes that operators move, those of a weight or of a cache being ``element``."""
    total = 0.0
    for node in graph.nodes:
        if node.operator not in glue.GLUE:
            shapes = [node.of_span(count) for _, count in node.spans] or [node.shape]
            total += sum(_workload(node.operator).bytes(shape, element) for shape in shapes)
    return total
