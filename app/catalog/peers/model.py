"""ONNX models of a few nodes: from their text, and the operands, to the bytes that ONNX Runtime reads.

The bytes are protocol buffers, of which so little is needed that no library is: a field is its number and
kind, then a number of seven bits a byte, or a length and that many bytes
(protobuf.dev/programming-guides/encoding; the numbers of fields are those of onnx.proto).
"""

import ast
import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from app.core.program import Layout, Role

OPSETS = {"": 23, "com.microsoft": 1}
"""The version of each set of operators; that of ONNX itself is the first with Attention."""

IR_VERSION = 11
TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7, "float16": 10}
_FLOAT, _INT, _STRING, _INTS = 1, 2, 3, 7

Attribute = int | float | str | list[int]


class Node(NamedTuple):
    """An operator: constants among its inputs are arrays."""

    domain: str
    operator: str
    inputs: tuple[str | np.ndarray, ...]
    output: str
    attributes: dict[str, Attribute]


def nodes(text: str) -> list[Node]:
    """The operators of a text, a line each: ``y = com.microsoft.MatMulNBits(x, codes, scales, K=64)``.

    Raises:
        ValueError: a line is no such.
    """
    return [_node(statement) for statement in ast.parse(text).body]


def _node(statement: ast.stmt) -> Node:
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        raise ValueError(f"{ast.unparse(statement)}: not an operator whose answer has a name")
    made = statement.value
    domain, _, operator = ast.unparse(made.func).rpartition(".")
    attributes = {word.arg or "": ast.literal_eval(word.value) for word in made.keywords}
    return Node(
        domain, operator, tuple(map(_input, made.args)), ast.unparse(statement.targets[0]), attributes
    )


def _input(argument: ast.expr) -> str | np.ndarray:
    if isinstance(argument, ast.Name):
        return argument.id
    if isinstance(argument, ast.Call):  # a number of a type: uint8(128)
        return np.array(ast.literal_eval(argument.args[0]), np.dtype(ast.unparse(argument.func)))
    raise ValueError(f"{ast.unparse(argument)}: an operand is a name or a number of a type")


def inputs(layout: Layout) -> dict[str, np.ndarray]:
    """The operands that come with each run; the others are weights, a part of the model."""
    return {n: array for n, array in layout.buffers.items() if layout.roles.get(n) is not Role.WEIGHTS}


def model(text: str, layout: Layout, buffers: Mapping[str, np.ndarray]) -> bytes:
    """The model of ``text``, with what of ``buffers`` is a weight inside; its output is the last line's name.

    A name that is given anew on the way is another value from there on, as ONNX allows only one for each.
    """
    graph, current = bytearray(), {name: name for name in buffers}
    listed = nodes(text)
    for place, node in enumerate(listed):
        names = []
        for i, one in enumerate(node.inputs):
            if isinstance(one, np.ndarray):
                names.append(f"constant{place}_{i}")
                graph += _bytes(5, _tensor(names[-1], one))
            else:
                names.append(current[one])
        output = node.output if place == len(listed) - 1 else f"{node.output}{place}"
        graph += _bytes(1, _written(node, names, output))
        current[node.output] = output
    graph += _bytes(2, b"peer")
    coming = inputs(layout)
    for name, array in buffers.items():
        if name in coming:
            graph += _bytes(11, _value(name, array.dtype, array.shape))
        else:
            graph += _bytes(5, _tensor(name, array))
    graph += _bytes(12, _value(listed[-1].output, layout.output[0], None))
    sets = b"".join(
        _bytes(8, _bytes(1, domain.encode()) + _number(2, version)) for domain, version in OPSETS.items()
    )
    return _number(1, IR_VERSION) + sets + _bytes(7, bytes(graph))


def _written(node: Node, names: Iterable[str], output: str) -> bytes:
    found = b"".join(_bytes(1, name.encode()) for name in names) + _bytes(2, output.encode())
    found += _bytes(4, node.operator.encode()) + _bytes(7, node.domain.encode())
    return found + b"".join(_bytes(5, _attribute(*one)) for one in node.attributes.items())


def _attribute(name: str, value: Attribute) -> bytes:
    head = _bytes(1, name.encode())
    if isinstance(value, int):
        return head + _number(3, value) + _number(20, _INT)
    if isinstance(value, float):
        return head + _key(2, 5) + struct.pack("<f", value) + _number(20, _FLOAT)
    if isinstance(value, str):
        return head + _bytes(4, value.encode()) + _number(20, _STRING)
    return head + b"".join(_number(8, one) for one in value) + _number(20, _INTS)


def _tensor(name: str, array: np.ndarray) -> bytes:
    dims = b"".join(_number(1, size) for size in array.shape)
    raw = np.ascontiguousarray(array).tobytes()
    return dims + _number(2, TYPES[array.dtype.name]) + _bytes(8, name.encode()) + _bytes(9, raw)


def _value(name: str, dtype: np.dtype, shape: tuple[int, ...] | None) -> bytes:
    """A name with its type, and with its shape where that is known."""
    kind = _number(1, TYPES[dtype.name])
    if shape is not None:
        kind += _bytes(2, b"".join(_bytes(1, _number(1, size)) for size in shape))
    return _bytes(1, name.encode()) + _bytes(2, _bytes(1, kind))


def _key(field: int, kind: int) -> bytes:
    return _varint(field << 3 | kind)


def _number(field: int, value: int) -> bytes:
    return _key(field, 0) + _varint(value & (1 << 64) - 1)  # a negative one is of 64 bits


def _bytes(field: int, value: bytes) -> bytes:
    return _key(field, 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
