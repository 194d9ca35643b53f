"""Why a case is as fast as it is, in one sentence: bytes moved, ceiling, limit, access and code. No Qt."""

from collections.abc import Sequence
from enum import StrEnum

from app.core.ceilings import Ceilings, bound
from app.core.target import Runtime
from app.figures import units
from app.findings.reasons import Cause
from app.findings.rows import Row
from kernels.matvec.access import Order, order_of

ACCESS = {
    Order.PLAIN: "at one step neighbouring threads read words whole rows apart",
    Order.SWIZZLE: "what a thread reads next lies beside what it read",
    Order.COALESCED: "at one step neighbouring threads read neighbouring words",
    Order.ROWWISE: "the threads of a workgroup read a row together, word beside word",
    Order.SUBGROUPS: "the threads of a subgroup read a row together, word beside word",
}

SHARES = {1 / 8: "an eighth", 1 / 4: "a quarter", 1 / 2: "half"}
NEAR = 0.08
"""How far bytes may be from a share to be called that: scales and results are moved as well."""

ALIKE = 0.02
"""Bytes that differ by less are the same to a reader."""


def baseline_of(row: Row, rows: Sequence[Row]) -> Row | None:
    """What ``row`` is compared with; None where there is no such row, or where it is one itself."""
    case = row.measurement.case
    if row.is_baseline:
        return None
    same = [
        other
        for other in rows
        if other.is_baseline
        and (other.measurement.case.workload, other.measurement.case.shape) == (case.workload, case.shape)
    ]
    own = [other for other in same if other.target.id == row.target.id]
    return max(own or same, key=lambda other: other.measurement.run == row.measurement.run, default=None)


class Evidence(StrEnum):
    """Where a part of the sentence is shown at length."""

    BYTES = "bytes"
    LIMIT = "limit"
    ACCESS = "access"
    CODE = "code"


Parts = list[tuple[str, Evidence]]


def why(row: Row, base: Row | None, ceilings: Ceilings | None) -> str:
    """The sentence that its ``parts`` make up; nothing for a case without figures."""
    return "".join(words for words, _ in parts(row, base, ceilings))


def parts(row: Row, base: Row | None, ceilings: Ceilings | None) -> Parts:
    """``Moves 4.03 MiB a run, a quarter of what f32 moves, at 7.35 GB/s: 97 % of the most that memory allows
    here; …``, in parts, each with where its evidence is; nothing for a case without figures.
    """
    if row.summary is None or not row.bytes:
        return []
    seconds = row.summary.median
    moved = [f"Moves {units.bytes_(row.bytes * seconds)} a run"]
    if beside := _beside(row, base):
        moved.append(beside)
    found = [(f"{', '.join(moved)}, at {units.giga(row.bytes)} GB/s", Evidence.BYTES)]
    found.append((_limit(row, seconds, ceilings), Evidence.LIMIT))
    found.append((_code(row, base), Evidence.CODE))
    if row.variant.workload == "matvec" and row.variant.runtime is Runtime.WGSL:
        found.append((f"; {ACCESS[order_of(row.variant)]}", Evidence.ACCESS))
    found = [(words, evidence) for words, evidence in found if words]
    return [*found[:-1], (f"{found[-1][0]}.", found[-1][1])]


def _code(row: Row, base: Row | None) -> str:
    """What its hot loop needs for a multiply-add, beside that of the baseline."""
    code = row.measurement.code
    if code is None or not code.cost:
        return ""
    words = f"; its hot loop needs {units.digits(code.cost, 2)} instructions a multiply-add"
    theirs = base.measurement.code if base else None
    if base and theirs and theirs.cost:
        words += f", {base.name} {units.digits(theirs.cost, 2)}"
    return words + (f", and goes to the stack {code.spills} times a turn" if code.spills else "")


def _beside(row: Row, base: Row | None) -> str:
    """How its bytes compare with those of the baseline."""
    if base is None or base.summary is None or not base.bytes or not row.bytes or not row.summary:
        return ""
    share = row.bytes * row.summary.median / (base.bytes * base.summary.median)
    if abs(share - 1) < ALIKE:
        return f"as many as {base.name}"
    named = next((words for part, words in SHARES.items() if abs(share / part - 1) < NEAR), "")
    return f"{named or units.percent(share)} of what {base.name} moves"


def _limit(row: Row, seconds: float, ceilings: Ceilings | None) -> str:
    """What holds it back, as far as the ceilings of its target are known."""
    if row.launch_bound:
        return "; most of its time is what any launch takes"
    if ceilings is None or row.of_ceiling is None or not row.bytes:
        return ""
    least = bound((row.computed or 0.0) * seconds, row.bytes * seconds, row.variant.compute, ceilings)
    if row.in_cache:
        return ": more than memory gives, so that a cache serves it"
    if row.reason and row.reason.cause is Cause.WORKGROUPS:
        return f": {row.reason.figures}"
    limit = "memory" if least and least.by_memory else "arithmetic"
    return f": {units.percent(row.of_ceiling)} of the most that {limit} allows here"
