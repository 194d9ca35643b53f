"""What came of running a kernel of one's own, in one line. No Qt."""

from app.core.edit import Edit
from app.core.measurement import Measurement, Status
from app.core.pairs import ratio as ratio_of
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Target
from app.figures.verdict import Verdict, verdict, wording

Outcome = tuple[str, str]
"""A level (good, warn, bad or none) and words."""

LEVELS = {Verdict.FASTER: "good", Verdict.SLOWER: "warn"}


def measured(session: Session | None, edit: Edit, target: Target, shape: Shape) -> Measurement | None:
    """The measurement of ``edit`` there."""
    return _of(session, edit, edit.name, target, shape)


def outcome(session: Session, edit: Edit, target: Target, shape: Shape) -> Outcome:
    """How fast it is beside the one it was made from, or why that cannot be said."""
    mine = _of(session, edit, edit.name, target, shape)
    if mine is None or (mine.status is Status.CANCELLED and not mine.reason):
        return "", "Compiling, checking, measuring…"
    if mine.status is Status.WRONG:
        return "bad", f"Wrong result, so no speedup: {mine.reason}"
    if mine.status is not Status.OK:
        return "bad", f"{mine.reason[:1].upper()}{mine.reason[1:]}" or mine.status.value.capitalize()
    right = f"Correct (error {mine.error.words})" if mine.error else "Correct"
    like = _of(session, edit, edit.like, target, shape)
    ratio = ratio_of(like, mine) if like and like.status is Status.OK else None
    if ratio is None:
        return "", f"{right}, but {edit.like} has no result to compare it with"
    return LEVELS.get(verdict(ratio), ""), f"{right}. {wording(ratio, than=edit.like)}"


def _of(session: Session | None, edit: Edit, name: str, target: Target, shape: Shape) -> Measurement | None:
    """The last that is known of it: the same text may have run several times."""
    wanted = (target.id, edit.workload, name, shape)
    there = (*session.measurements, *session.bases) if session else ()
    found = [m for m in there if (m.case.target, m.case.workload, m.case.variant, m.case.shape) == wanted]
    return max(found, key=lambda m: m.run, default=None)
