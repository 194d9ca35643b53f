"""What code tells: counts for each multiply-add, in words, and what sets two kernels apart."""

from collections.abc import Iterable, Mapping, Sequence

from app.core.code import Code, Compiled, Work
from app.core.pairs import ratio
from app.figures import units
from app.figures.verdict import wording
from app.findings.rows import Row

COUNTED = "counted, not timed"
NO_LOOP = "no loop that multiplies was found"
ALIKE = 0.05
"""Costs that differ by less are the same to a reader."""

DRIVERS_NAMES = (
    ("VGPRs", "vector registers"),
    ("SGPRs", "scalar registers"),
    ("Subgroups per SIMD", "waves a SIMD"),
    ("LDS size", "bytes of workgroup memory"),
    ("Scratch size", "bytes of scratch"),
    ("Code size", "bytes of code"),
    ("Code bytes", "bytes of code"),
)
"""Statistics worth a place in a line, by the names that compilers give them."""


def at_once(code: Code) -> float:
    """The most multiply-adds that one instruction of the loop does for a thread."""
    return max((one.useful for one in code.body), default=0.0)


def statistics(code: Code) -> str:
    """``24 vector registers, 32 waves a SIMD, no spills, …``; nothing where the compiler tells nothing."""
    parts = [
        f"{units.plain(code.statistics[name])} {words}"
        for name, words in DRIVERS_NAMES
        if name in code.statistics
    ]
    spilled = code.spilled
    return ", ".join([*parts, f"{spilled} spills" if spilled else "no spills"]) if code.instructions else ""


def counts(code: Code) -> str:
    """``0.78 instructions a multiply-add: useful 0.25, memory 0.16, …``."""
    if code.cost is None:
        return NO_LOOP
    parts = [f"{work.value} {units.digits(each, 2)}" for work, each in code.per_multiply_add.items() if each]
    return f"{units.digits(code.cost, 2)} instructions a multiply-add: {', '.join(parts)}"


def sentence(own: Sequence[Compiled], other: Sequence[Compiled] = ()) -> str:
    """What the code of a variant says, target by target, beside that of another one where there is one.

    ``0.78 instructions a multiply-add against 3.2 of f32 on RDNA 2 (Navi 21): an instruction does 4 at once,
    not 1; on Vega (Vega 10) 2.1 against 3.2: there no instruction does several at once.``
    """
    hot = {one.target: one.hot for one in own if one.hot is not None and one.hot.cost}
    against = {one.target: one.hot for one in other if one.hot is not None and one.hot.cost}
    if not hot:
        return ""
    ahead = {name: _ahead(code, against.get(name)) for name, code in hot.items()}
    ordered = sorted(hot.values(), key=lambda code: -ahead[code.target])
    most = ahead[ordered[0].target]
    parts = [f"{_cost(ordered[0], against, other, True)} on {ordered[0].label}"]
    parts[0] += _because(reason(ordered[0], against.get(ordered[0].target)))
    for code in ordered[1:]:
        why = reason(code, against.get(code.target))
        if ahead[code.target] <= 1 < most:
            why = "there no instruction does several at once"
        parts.append(f"on {code.label} {_cost(code, against, other, False)}{_because(why)}")
    return f"{'; '.join(parts)}."


def _ahead(code: Code, against: Code | None) -> float:
    """How many times as many multiply-adds an instruction does as in the other code."""
    most = at_once(against) if against else 0.0
    return at_once(code) / most if most else 1.0


def _because(why: str) -> str:
    return f": {why}" if why else ""


def _cost(code: Code, against: Mapping[str, Code], other: Sequence[Compiled], first: bool) -> str:
    assert code.cost
    words = units.digits(code.cost, 2) + " instructions a multiply-add" * first
    beside = against.get(code.target)
    if beside and beside.cost:
        words += f" against {units.digits(beside.cost, 2)}" + f" of {other[0].variant}" * first
    return words


def reason(code: Code, against: Code | None) -> str:
    """What sets two codes apart most; of one alone, what most of its instructions are for."""
    if code.cost is None:
        return ""
    mine = code.per_multiply_add
    if against is None or against.cost is None:
        most = max(mine, key=lambda work: mine[work])
        return f"{units.percent(mine[most] / code.cost)} are {most.value} ({most.meaning})"
    if code.spilled and not against.spilled:
        return f"it spills {code.spilled} times, the other does not"
    if _ahead(code, against) > 1 and _ahead(code, against) ** 2 >= against.cost / code.cost:
        return (
            f"an instruction does {units.plain(at_once(code))} at once, not {units.plain(at_once(against))}"
        )
    if abs(code.cost / against.cost - 1) < ALIKE:
        return "about as many"
    theirs = against.per_multiply_add
    most = max(Work, key=lambda work: abs(mine[work] - theirs[work]))
    return (
        f"most of that is {most.value}, {units.digits(mine[most], 2)} against {units.digits(theirs[most], 2)}"
    )


def measured(found: Iterable[Row], own: str, other: str) -> list[str]:
    """How two variants compare where both were measured, a line for each target and size."""
    rows = [row for row in found if row.ok and row.summary]
    lines = []
    for row in rows:
        if row.variant.name != own:
            continue
        case = row.measurement.case
        for beside in rows:
            if beside.variant.name != other or beside.variant.runtime is not row.variant.runtime:
                continue
            theirs = beside.measurement.case
            if (theirs.target, theirs.workload, theirs.shape) != (case.target, case.workload, case.shape):
                continue
            if found_ratio := ratio(beside.measurement, row.measurement):
                where = f"on {row.target.label} at {row.size}"
                lines.append(f"Measured {where}: {row.name} is {wording(found_ratio)} than {beside.name}")
    return lines
