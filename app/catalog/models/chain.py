"""A chain: the operators of a model one after the other, each reading what another left, as one layout.

Every operator lies in memory as its own layout has it. Where one leaves a tensor as the next one reads it,
both bind one buffer; else a step between them converts it, and ``Memory.notes`` says so.
"""

from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from app.catalog.models.claims import ALL, Claim, Find, Held, constant, found
from app.catalog.models.convert import as_matrix, taken
from app.catalog.models.forms import Form
from app.catalog.models.memory import FLOAT, Memory
from app.catalog.models.operators import Work, add_operator, products_of
from app.catalog.models.places import placed, shared
from app.catalog.models.products import is_plain
from app.catalog.models.recipes import operator_of
from app.core.graph import Node
from app.core.program import RESULT, Binding, Layout, Role
from app.core.variant import Variant


def add(memory: Memory, node: Node) -> None:
    """The steps of ``node``, by glue or by what the recipe picks for it."""
    if node.operator in _GLUE:
        _GLUE[node.operator](memory, node)
        return
    pick = memory.picks[operator_of(node)]
    if pick.note:
        memory.notes[pick.note] = None
    if node.operator == "linear" and pick.variant.workload != "linear":
        _product(memory, node, pick.variant)
    else:
        add_operator(memory, node, pick.variant)


def _product(memory: Memory, node: Node, variant: Variant) -> None:
    """A product by another workload's kernel, and the layer's ending in a step behind it."""
    work = Work(memory, node, variant)
    form = products_of(node, work.layout, work.case.transposed)
    products = Held(memory.fresh(form.bytes), form)
    work.chain(products)
    rest = tuple(map(constant, work.operands[2:]))
    if not memory.sketched:
        claim = memory.claims.pop()
        memory.claims.append(claim._replace(operands=(*claim.operands, *rest)))
    if is_plain(node):
        memory.tensors[node.writes] = products
        return
    tokens, outputs, _, number = node.shape.sizes
    pitch = form.strides[0]
    written = _left(memory, node, tokens, outputs, pitch)
    _, _, bias, residual, _ = node.reads
    reads: list[Binding] = [products.buffer]
    seen = {written.buffer}
    if bias:
        padded = np.pad(memory.values[bias], (0, pitch - outputs))
        reads.append(memory.kept(f"{node.writes}: bias", padded))
        memory.stored[bias] = memory.values[bias]
    more = rest[1]
    if residual:
        held = taken(memory, residual, written.form, "ending")
        reads.append(held.buffer)
        more = partial(found, held, ALL)
        seen.add(held.buffer)
    scalars = {"words": tokens * pitch // 4, "columns": pitch // 4}
    memory.glue(
        "ending", node.name, tuple(reads), (written.buffer,), scalars, scalars["words"], ending=number
    )
    if not memory.sketched:
        claim = memory.claims.pop()
        finds = (*claim.operands[:3], more, rest[2])
        own = frozenset((claim.buffers - {products.buffer}) | seen)
        memory.claims.append(claim._replace(operands=finds, answer=partial(found, written, ALL), buffers=own))


def _matrix(memory: Memory, name: str, pitch: int, title: str) -> Held:
    """A tensor in rows that are so long."""
    rows, columns, _ = as_matrix(memory.tensor(name).form)
    return taken(memory, name, Form((rows, columns), (pitch, 1), FLOAT, rows * pitch), title)


def _left(memory: Memory, node: Node, rows: int, columns: int, pitch: int) -> Held:
    """What ``node`` leaves: a matrix in rows that are so long."""
    form = Form((rows, columns), (pitch, 1), FLOAT, rows * pitch)
    memory.tensors[node.writes] = Held(memory.fresh(form.bytes), form)
    return memory.tensors[node.writes]


def _claim(memory: Memory, node: Node, finds: tuple[Find, ...], written: Held, read: Iterable[Held]) -> None:
    if not memory.sketched:
        buffers = frozenset({written.buffer, *(one.buffer for one in read)})
        own = (node.name, node.operator, memory.recipe, node.shape.sizes, 1.0)
        memory.claims.append(Claim(*own, finds, partial(found, written, ALL), buffers))


def _words(size: int) -> int:
    return -(-size // 4)


def _places(memory: Memory, node: Node) -> None:
    table, places, x = node.reads
    tokens, columns, _ = node.shape.sizes
    pitch = 4 * _words(columns)
    held, written = _matrix(memory, x, pitch, "places"), _left(memory, node, tokens, columns, pitch)
    rows, ids = memory.values[table], memory.values[places]
    memory.stored |= {table: rows, places: ids}
    reads = (
        memory.kept(table, np.pad(rows, ((0, 0), (0, pitch - columns)))),
        memory.kept(places, ids.astype(np.uint32), Role.ACTIVATIONS),
        held.buffer,
    )
    scalars = {"words": tokens * pitch // 4, "columns": pitch // 4}
    memory.glue("places", node.name, reads, (written.buffer,), scalars, scalars["words"])
    _claim(memory, node, (constant(rows), constant(ids), partial(found, held, ALL)), written, [held])


def _pool(memory: Memory, node: Node) -> None:
    starts, x = node.reads
    texts, columns, _ = node.shape.sizes
    pitch = 4 * _words(columns)
    held, written = _matrix(memory, x, pitch, "pool"), _left(memory, node, texts, columns, pitch)
    at = memory.values[starts]
    memory.stored[starts] = at
    reads = (memory.kept(starts, at.astype(np.uint32), Role.ACTIVATIONS), held.buffer)
    scalars = {"columns": pitch // 4} if memory.gpu else {"columns": pitch // 4, "texts": texts}
    memory.glue("pool", node.name, reads, (written.buffer,), scalars, texts * 64)
    _claim(memory, node, (constant(at), partial(found, held, ALL)), written, [held])


def _times(memory: Memory, node: Node) -> None:
    rows, columns, pitch = as_matrix(memory.tensor(node.reads[0]).form)
    both = [_matrix(memory, name, pitch, "times") for name in node.reads]
    written = _left(memory, node, rows, columns, pitch)
    reads = tuple(one.buffer for one in both)
    words = rows * pitch // 4
    memory.glue("times", node.name, reads, (written.buffer,), {"words": words}, words)
    _claim(memory, node, tuple(partial(found, one, ALL) for one in both), written, both)


def _append(memory: Memory, node: Node) -> None:
    """Done once somebody reads the cache, who decides how it lies."""
    memory.caches[node.writes] = (node.reads[0], node.reads[1])


_GLUE: dict[str, Callable[[Memory, Node], None]] = {
    "places": _places,
    "pool": _pool,
    "times": _times,
    "append": _append,
}


def layout_of(memory: Memory) -> Layout:
    """The whole, its answer in the result; buffers that steps hand on share memory where they can."""
    held = memory.tensors[memory.graph.answer]
    names = shared(memory.sizes, memory.steps, held.buffer)
    room: dict[str, int] = {}
    for name, place in names.items():
        room[place] = max(room.get(place, 0), memory.sizes[name])
    result = room.pop(RESULT)
    beside = memory.values.get(memory.graph.beside)

    def decode(raw: np.ndarray) -> np.ndarray:
        answer = np.array(held.form.view(raw))
        return answer if beside is None else answer - beside.reshape(answer.shape).astype(np.float64)

    return Layout(
        buffers=memory.buffers,
        scalars={},
        output=(FLOAT, result // 4),
        stored=lambda: tuple(memory.stored.get(name, value) for name, value in memory.values.items()),
        steps=tuple(placed(step, names) for step in memory.steps),
        scratch=room,
        decode=decode,
        roles=memory.roles,
        touched=_touched(memory),
    )


def _touched(memory: Memory) -> dict[str, int]:
    """Of a table of words a run reads the rows that it looks up."""
    tables = {f"{n.writes}: table": n.shape.rows for n in memory.graph.nodes if n.operator == "gather"}
    return {
        name: array.nbytes // len(array) * min(tables[name], len(array))
        for name, array in memory.buffers.items()
        if name in tables
    }
