"""What is found out of a kernel once its samples are taken: what each step takes, and what its code is."""

from collections.abc import Iterator

from app.core.events import CaseCompiled, CaseParted
from app.core.measurement import MOST_PARTS, Part
from app.engines import parts_of
from app.measure.prepare import Ready
from app.measure.prepared import Prepared

BATCHES = 5
"""Of each step; as of a visit, the second smallest counts."""

NOTHING = 1e-9
"""Seconds of a batch in which a clock saw nothing."""


def last_facts(prepared: Prepared) -> Iterator[CaseParted | CaseCompiled]:
    """The parts and the code of a case, as far as it has any that can be told."""
    ready = prepared.at(0)
    if found := parts(ready, prepared.repeats):
        yield CaseParted(prepared.index, found)
    if code := ready.code():
        yield CaseCompiled(prepared.index, code)


def parts(ready: Ready, repeats: int) -> tuple[Part, ...]:
    """The steps of a run by batches of ``repeats``; none of a kernel with a single step, or with too many.

    Steps of one title, such as those over parts of a large operand, are one.
    """
    steps, told = ready.layout.run, parts_of(ready.kernel)
    titles = dict.fromkeys(step.title for step in steps)
    if told is None or not 1 < len(titles) <= MOST_PARTS:
        return ()
    batches = [told(repeats) for _ in range(BATCHES)]
    if any(len(one) != len(steps) for one in batches):
        return ()
    least = [sorted(times)[1] for times in zip(*batches, strict=True)]
    together = dict.fromkeys(titles, 0.0)
    for step, seconds in zip(steps, least, strict=True):
        together[step.title] += seconds / repeats if seconds > NOTHING else 0.0
    cases = {step.title: step.case for step in reversed(steps) if step.case}
    if not any(together.values()):
        return ()
    return tuple(Part(title, seconds, *(cases.get(title) or ())) for title, seconds in together.items())
