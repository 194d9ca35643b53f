"""Texts of the user's own, checked where sizes fit no tile: what is right at 512 alone is not right."""

from collections.abc import Callable, Hashable, Sequence

from app.core.measurement import Error
from app.core.shape import Shape
from app.core.workload import Workload
from app.measure.verify import WrongResult, complaint

SHAPES = {
    1: (Shape(37), Shape(1031)),
    2: (Shape(33, 65), Shape(70, 7)),
    3: (Shape(33, 65, 17), Shape(5, 7, 130)),
}
"""By the number of dimensions: small, odd, below and beyond the usual workgroups, tiles and vectors."""


def crooked_shapes(workload: Workload) -> tuple[Shape, ...]:
    """The shapes at which kernels of ``workload`` are checked."""
    return workload.odd or SHAPES[len(workload.dimensions)]


MOST_KNOWN = 1000

_known: dict[Hashable, str] = {}
"""What was wrong with each text that was checked in this process; empty where nothing was."""


def check_crooked(
    key: Hashable,
    shapes: Sequence[Shape],
    judge: Callable[[Shape], Error | None],
    started: Callable[[str], None],
) -> None:
    """See that a kernel is right at ``shapes``; once for each ``key``: its text and what that depends on.

    ``judge`` runs it at a shape: the error, None where it cannot be told. ``started`` hears of each shape.

    Raises:
        WrongResult: naming the shape where it is wrong.
    """
    if key not in _known:
        found = _complaint(shapes, judge, started)
        if len(_known) >= MOST_KNOWN:
            _known.clear()
        _known[key] = found
    if _known[key]:
        raise WrongResult(_known[key])


def _complaint(
    shapes: Sequence[Shape], judge: Callable[[Shape], Error | None], started: Callable[[str], None]
) -> str:
    for shape in shapes:
        started(f"checking at {shape}")
        error = judge(shape)
        if error is not None and not error.acceptable:
            return f"wrong at {shape}: {complaint(error)}"
    return ""
