"""Steps of operators as steps of a model: over buffers by the names and the places that these have there."""

from collections.abc import Mapping
from dataclasses import replace

from app.core.program import RESULT, Binding, Rows, Slice, Step, whose


def renamed(
    step: Step,
    bound: Mapping[str, Binding],
    text: str,
    title: str,
    case: tuple[str, str, str],
    spans: bool,
    entry: str = "",
) -> Step:
    """``step`` of an operator as one of the model; ``entry`` is its function where it names none."""

    def binding(one: Binding) -> Binding:
        to = bound[whose(one)]
        if not isinstance(one, Slice):
            return to
        if isinstance(to, Slice):
            return Slice(to.buffer, to.offset + one.offset, one.size)
        return Slice(to, one.offset, one.size)

    def keys(sizes: Mapping[str, int]) -> dict[str, int]:
        return {whose(bound[name]): size for name, size in sizes.items() if name in bound}

    rows: Rows | None = None
    if step.rows and not spans:
        own = step.rows
        rows = replace(own, bytes=keys(own.bytes), reused=keys(own.reused), strided=keys(own.strided))
    return replace(
        step,
        reads=tuple(map(binding, step.reads)),
        writes=tuple(map(binding, step.writes)),
        entry=entry or step.entry,
        text=text,
        name=title,
        rows=rows,
        case=case,
    )


def shared(sizes: Mapping[str, int], steps: list[Step], answer: str) -> dict[str, str]:
    """A place for each buffer that steps hand on: one that is done with makes room for the next.

    The answer's is the result, which nothing else is written to.
    """
    last = {}
    for i, step in enumerate(steps):
        for one in step.bindings:
            last[whose(one)] = i
    places: dict[str, str] = {answer: RESULT}
    room: dict[str, int] = {}
    free: list[str] = []
    for i, step in enumerate(steps):
        for name in dict.fromkeys(whose(one) for one in step.writes):
            if name in places or name not in sizes:
                continue
            kind = name.strip("~0123456789") or "tensor"
            own = [place for place in free if place.startswith(f"{kind} ")]
            fitting = [place for place in own if room[place] >= sizes[name]]
            place = min(fitting, key=room.__getitem__, default=max(own, key=room.__getitem__, default=""))
            if place:
                free.remove(place)
            else:
                place = f"{kind} {len(room)}"
            room[place] = max(room.get(place, 0), sizes[name])
            places[name] = place
        free += [
            places[name]
            for name in dict.fromkeys(whose(one) for one in step.bindings)
            if name in places and last[name] == i and places[name] != RESULT
        ]
    return places


def placed(step: Step, names: Mapping[str, str]) -> Step:
    """``step`` over the places of its buffers."""

    def binding(one: Binding) -> Binding:
        name = names.get(whose(one), whose(one))
        return Slice(name, one.offset, one.size) if isinstance(one, Slice) else name

    def keys(sizes: Mapping[str, int]) -> dict[str, int]:
        return {names.get(name, name): size for name, size in sizes.items()}

    rows = step.rows
    if rows:
        rows = replace(rows, bytes=keys(rows.bytes), reused=keys(rows.reused), strided=keys(rows.strided))
    return replace(
        step, reads=tuple(map(binding, step.reads)), writes=tuple(map(binding, step.writes)), rows=rows
    )
