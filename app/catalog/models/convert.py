"""Tensors as an operator reads them: where another left them otherwise, a step between converts them."""

from collections.abc import Mapping
from functools import partial

import numpy as np

from app.catalog.models.claims import ALL, FLOAT, Claim, Find, Held, dequantised, found
from app.catalog.models.forms import Form, finer
from app.catalog.models.memory import Memory
from app.core.errors import KernelscopeError
from app.core.program import Binding
from app.workloads.blocks import BLOCK, EIGHTS, FORMATS

STREAMED = 64
"""Bytes of a block of 8 bits in a stream, its scale included."""

NEIGHBOURS = ("q4f16_1", "nbits")
"""Formats in which neighbours share a byte: of eight activations the even ones come first."""


def taken(memory: Memory, name: str, need: Form, title: str) -> Held:
    """The tensor ``name`` in the form that is needed; ``title`` says who needs it."""
    held = memory.tensor(name)
    dims = finer(held.form.dims, need.dims)
    own, other = held.form.split(dims), need.split(dims)
    if other.dtype == own.dtype and _alike(dims, own.strides, other.strides) and _padded_alike(own, other):
        memory.grown(held.buffer, other.bytes)
        return held
    what = (name, other)
    if what not in memory.converted:
        half = other.dtype == np.float16
        memory.rounded |= {"f16"} if half else set()
        how = "16 bits" if half else "rows of another length"
        memory.notes[f"{title}: its activations are converted to {how}, in steps of their own"] = None
        target = memory.fresh(other.bytes, "halves" if half else "")
        convert(memory, held.buffer, own, other, target)
        made = Held(target, other)
        memory.converted[what] = (made,)
        kind = "halves" if half else "moved"
        _claim(memory, kind, dims, Held(held.buffer, own), (made,), partial(found, made, ALL))
    return memory.converted[what][0]


def convert(memory: Memory, source: str, own: Form, need: Form, target: Binding) -> None:
    """A step that copies a tensor from one form to another; what pads its rows there becomes zeros."""
    dims, half = need.dims, need.dtype == np.float16
    elements = int(np.prod(dims))
    if elements % 4 == 0 and _packed(own) and _packed(need) and need.strides[0] == elements // dims[0]:
        plain, things = True, elements // 4
        scalars = {"words": things, "middle": 1, "inner": 1, "padded_middle": 1, "padded_inner": 1}
        scalars |= {"row": 1, "step": 1, "one": 1}
    else:
        d, s, t = (_three(one) for one in (dims, own.strides, need.strides))
        row = t[0] or need.size
        inner = row if d[1] == 1 else t[1]
        if half and row % 2:
            raise KernelscopeError(f"rows of {row} elements of 16 bits are no whole words")
        plain, things = False, d[0] * row // (2 if half else 1)
        scalars = {"words": things, "middle": d[1], "inner": d[2], "padded_middle": row // inner}
        scalars |= {"padded_inner": inner, "row": s[0], "step": s[1], "one": s[2]}
    title = "convert to f16" if half else "convert"
    memory.glue("convert", title, (source,), (target,), scalars, things, half=half, plain=plain)


def quantised(
    memory: Memory, name: str, how: str, buffers: Mapping[str, np.ndarray], format: str
) -> tuple[Held, ...]:
    """The tensor's codes and scales: those of ``rows``, or of ``blocks`` of 32; on CPUs both are one stream.

    Raises:
        KernelscopeError: it lies in rows that are no whole words.
    """
    held = memory.tensor(name)
    arrays = tuple(buffers.values())
    neighbours = format in NEIGHBOURS
    what = (name, how, arrays[0].nbytes, neighbours)
    if what in memory.converted:
        return memory.converted[what]
    memory.rounded |= {"i8"}
    rows, columns, pitch = as_matrix(held.form)
    if pitch % 4:
        raise KernelscopeError(f"rows of {pitch} elements are no whole words of four")
    made = tuple(memory.fresh(one.nbytes, "codes") for one in arrays)
    if how == "rows":
        wide = arrays[0].shape[1]
        quantise_rows(memory, held.buffer, made, (rows, pitch // 4, wide // 4, 0))
    else:
        whole = (FORMATS | EIGHTS)[format].whole
        wide = -(-columns // whole) * whole
        if how == "stream" and (arrays[0].shape[1] != STREAMED or pitch % BLOCK):
            raise KernelscopeError("its activations are a stream of blocks that nothing makes")
        scalars = {"rows": rows, "blocks": wide // 32, "words": pitch // 4}
        things = rows * wide // 32
        memory.glue(
            "quantise_blocks", "quantise", (held.buffer,), made, scalars, things, neighbours=neighbours
        )
    form = Form((rows, columns), (wide, 1), np.dtype(np.int8), arrays[0].nbytes)
    scales = [
        Held(one, Form((), (), FLOAT, array.size)) for one, array in zip(made[1:], arrays[1:], strict=True)
    ]
    codes = (Held(made[0], form), *scales)
    memory.converted[what] = codes
    read = Held(held.buffer, Form((rows, columns), (pitch, 1), held.form.dtype, held.form.size))
    group = columns if how == "rows" else BLOCK
    _claim(memory, "codes", (rows, columns, group), read, codes, partial(dequantised, codes, how, neighbours))
    return codes


def _claim(
    memory: Memory, kind: str, shape: tuple[int, ...], read: Held, written: tuple[Held, ...], answer: Find
) -> None:
    """What a step between operators read and left is held together too."""
    if not memory.sketched:
        buffers = frozenset(one.buffer for one in (read, *written))
        finds = (partial(found, read, ALL),)
        memory.claims.append(Claim(kind, kind, memory.recipe, shape, 1.0, finds, answer, buffers))


def quantise_rows(
    memory: Memory, source: str, made: tuple[str, ...], sizes: tuple[int, int, int, int]
) -> None:
    """Rows as codes and scales; ``sizes`` are rows, words of one and of its codes, the first one's place."""
    ways = tuple(one for one in ("rowwise", "subgroup") if one in memory.recipe.techniques)
    scalars = dict(zip(("rows", "words", "packed", "first"), sizes, strict=True))
    ways = ways if "rowwise" in ways else ()
    memory.glue("quantise_rows", "quantise", (source,), made, scalars, sizes[0], ways, rows=1)


def as_matrix(form: Form) -> tuple[int, int, int]:
    """Rows, columns and the elements from one row to the next.

    Raises:
        KernelscopeError: there are gaps within rows.
    """
    rows, columns = form.dims[0], int(np.prod(form.dims[1:]))
    if not _packed(form._replace(dims=form.dims[1:], strides=form.strides[1:])):
        raise KernelscopeError("a tensor has gaps within its rows")
    return rows, columns, form.strides[0] if rows > 1 else max(form.strides[0], columns)


def _packed(form: Form) -> bool:
    """Whether nothing lies between its elements."""
    inner = 1
    for size, stride in zip(reversed(form.dims), reversed(form.strides), strict=True):
        if size > 1 and stride != inner:
            return False
        inner *= size
    return True


def _alike(dims: tuple[int, ...], one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a == b for size, a, b in zip(dims, one, other, strict=True) if size > 1)


def _padded_alike(own: Form, need: Form) -> bool:
    """Whether what pads the rows of ``need`` is padded in ``own``; a single row has no stride to tell by."""
    inner = int(np.prod(need.dims[1:]))
    return need.strides[0] in (inner, own.strides[0])


def _three(values: tuple[int, ...]) -> tuple[int, int, int]:
    """Three of a form's dimensions, or strides, where there are two: the middle one is a single thing."""
    if len(values) == 3:
        return values
    first, last = values if len(values) == 2 else (1, *values)
    return first, 1, last
