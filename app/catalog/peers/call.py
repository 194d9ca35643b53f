"""A call of a library: the variant that it is, its text, and its operands as the library takes them."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from app.core.program import Layout, Role
from app.core.target import Runtime
from app.core.variant import Parameter, Parameters, Variant
from app.core.workload import Operands

FLOAT = np.dtype(np.float32)


class Call(NamedTuple):
    """``text`` gives the call for parameters, ``lay_out`` the operands by the names that it has for them."""

    variant: Variant
    text: Callable[[Parameters], str]
    lay_out: Callable[[Operands], Layout]


def call(
    runtime: Runtime,
    workload: str,
    name: str,
    summary: str,
    text: str | Callable[[Parameters], str],
    lay_out: Callable[[Operands], Layout],
    *,
    storage: str = "f32",
    compute: str = "",
    sums: str = "f32",
    requires: Sequence[str] = (),
    sides: Mapping[str, tuple[int, int]] | None = None,
) -> Call:
    """A call of the library of ``runtime``. A ``text`` with ``{rows}`` in it has the size of that name there.

    ``sides`` are the sizes that the text writes out: the place of each in a shape, and one to show it with.
    """
    variant = Variant(
        workload=workload,
        name=name,
        runtime=runtime,
        summary=summary,
        template="",
        layout="",
        storage=storage,
        compute=compute or storage,
        sums=sums,
        techniques=tuple(name.split("+")[1:]),
        requires=tuple(requires),
        parameters=tuple(
            Parameter(side, usual, usual, side=place) for side, (place, usual) in (sides or {}).items()
        ),
    )
    return Call(variant, text if callable(text) else lambda values: text.format(**values), lay_out)


def laid_out(
    buffers: Mapping[str, np.ndarray],
    answer: Sequence[int],
    stored: Callable[[], Operands],
    weights: Sequence[str] = (),
    decode: Callable[[np.ndarray], np.ndarray] | None = None,
    dtype: np.dtype = FLOAT,
) -> Layout:
    """Operands that a library takes as arrays of their shapes, and an answer of the shape ``answer``.

    ``weights`` stay what they are from call to call; ``decode`` makes the answer of the raw one, where that
    is not the same.
    """
    shape = tuple(answer)
    return Layout(
        buffers=buffers,
        scalars={},
        output=(dtype, int(np.prod(shape))),
        stored=stored,
        decode=decode or (lambda raw: raw.reshape(shape)),
        roles={name: Role.WEIGHTS if name in weights else Role.ACTIVATIONS for name in buffers},
    )
