"""Advice: what a session means for somebody who has to choose a kernel, in plain sentences with figures.

Nothing is claimed that an interval does not carry: what cannot be told apart is named together, and where
nothing is surely faster than the baseline, that is the advice.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from app.core.feature_tests import FeatureTest, feature_test, snippets
from app.core.kinds import NORMAL
from app.core.target import Feature, FeatureState, Runtime
from app.figures import units
from app.figures.statistics import Ratio
from app.figures.verdict import MARGIN, Verdict, gain, verdict, wording
from app.findings.best import WORSE, Best, best_at, error_of, stretches
from app.findings.crossover import Crossover, Way, crossovers
from app.findings.launches import telling, waiting
from app.findings.libraries import libraries
from app.findings.reasons import Cause
from app.findings.rows import Row
from app.findings.scaling import scalings
from app.findings.steadiness import silences, steady
from app.findings.suspension import suspensions

CPUS = (Runtime.WASM, Runtime.NUMPY)


class AdviceKind(StrEnum):
    """What a sentence is about."""

    CHOICE = "choice"
    LIBRARY = "library"
    REASON = "reason"
    ACCURACY = "accuracy"
    CROSSOVER = "crossover"
    THREADS = "threads"
    SUSPENSION = "suspension"
    FEATURE = "feature"
    SILENCE = "silence"

    @property
    def heading(self) -> str:
        """What its sentences stand under."""
        return HEADINGS[self]


HEADINGS = {
    AdviceKind.CHOICE: "Which kernel",
    AdviceKind.LIBRARY: "Kernel or library",
    AdviceKind.REASON: "What holds it back",
    AdviceKind.ACCURACY: "What it costs in accuracy",
    AdviceKind.CROSSOVER: "Where the GPU overtakes",
    AdviceKind.THREADS: "What threads gain",
    AdviceKind.SUSPENSION: "What waiting costs",
    AdviceKind.FEATURE: "How a page tests for what that needs",
    AdviceKind.SILENCE: "What is left out",
}


class Advice(Struct, frozen=True):
    """One sentence, and the target it is about; ``code`` is what a page can take over, by language.

    ``brief`` is the sentence for where the code stands beside it.
    """

    kind: AdviceKind
    target: str
    text: str
    code: dict[str, str] = {}
    brief: str = ""


def advise(rows: Iterable[Row], margin: float = MARGIN) -> list[Advice]:
    """Sentences for every workload and target; choices first, then what they cost and need."""
    measured = [row for row in rows if row.ok and row.summary and row.variant.checked]
    found = [Advice(AdviceKind.SILENCE, target, text) for target, text in silences(measured)]
    found += [Advice(AdviceKind.SILENCE, target, text) for target, text in waiting(measured)]
    usable = steady(measured)
    apart = telling(usable)
    for workload in dict.fromkeys(row.variant.workload for row in apart):
        own = [row for row in apart if row.variant.workload == workload]
        kernels = [row for row in own if not row.target.is_peer]
        best = {id: best_at(group, margin) for id, group in _by_target(kernels).items()}
        for at in best.values():
            found += _choices(workload, at, margin)
            told = libraries(workload, at, margin)
            found += [Advice(AdviceKind.LIBRARY, target, text) for target, text in told]
        found += [advice for at in best.values() for advice in _features(at, margin)]
        found += [advice for at in best.values() for advice in _reasons(at[-1:])]
    found += _overtakings(usable, margin)
    found += [Advice(AdviceKind.THREADS, c.target.id, f"{c.label}: {c.words}") for c in scalings(usable)]
    found += _waits(usable)
    order = list(AdviceKind)
    once: dict[str, Advice] = {}
    for advice in found:
        once.setdefault(advice.text, advice)
    return sorted(once.values(), key=lambda advice: order.index(advice.kind))


def _by_target(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.target.id, []).append(row)
    return found


def _choices(workload: str, best: Sequence[Best], margin: float) -> list[Advice]:
    """One sentence for each stretch of sizes with the same winners."""
    found = []
    for names, own, sizes in stretches(best, margin):
        first = own[0].rows[0]
        where = f"{workload} on {first.target.label} at {sizes}"
        if len({row.variant.name for at in best for row in (*at.rows, at.base) if row}) < 2:
            continue
        gains = [row.speedup for at in own for row in at.rows[:1] if row.speedup and not row.is_baseline]
        sure = [ratio for ratio in gains if _is_faster(ratio, margin)]
        words = " or ".join(names[:3]) + (f" or {len(names) - 3} more" if len(names) > 3 else "")
        apart = " (not told apart; the most accurate first)" if len(names) > 1 else ""
        if gains and len(sure) == len(gains) and own[0].base:
            base = own[0].base.variant.name
            text = f"{where}: use {words}{apart}: {gain(sure, base)}"
            needed = [first.target.feature(name) for name in first.variant.requires]
            found.append(Advice(AdviceKind.CHOICE, first.target.id, text, snippets(needed)))
            found += _accuracy(where, own, margin)
        elif own[0].base and own[0].base.variant.name in names:
            text = f"{where}: stay with {names[0]}: nothing measured is surely faster"
            found.append(Advice(AdviceKind.CHOICE, first.target.id, text))
        else:
            found.append(Advice(AdviceKind.CHOICE, first.target.id, f"{where}: use {words}{apart}"))
    return found


def _accuracy(where: str, own: Sequence[Best], margin: float) -> list[Advice]:
    """What the choice costs against the baseline, where it costs anything worth a word."""
    pairs = [(error_of(at.rows[0]), error_of(at.base)) for at in own if at.base]
    if not pairs or not all(mine > WORSE * theirs for mine, theirs in pairs):
        return []
    mine, theirs = max(pairs)
    name, base = own[0].rows[0], own[0].base
    assert base is not None
    among = "" if name.operands == NORMAL else f"with {name.operands} among the operands "
    text = (
        f"{where}: {among}{name.variant.name} answers with a relative error of {units.error(mine)}, "
        f"{base.variant.name} with {units.error(theirs)}"
    )
    kept = [at.accurate for at in own if at.accurate and not at.accurate.is_baseline]
    names = {row.variant.name for row in kept}
    ratios = [row.speedup for row in kept if row.speedup]
    if len(names) == 1 and len(ratios) == len(own) and all(_is_faster(r, margin) for r in ratios):
        text += f"; as accurate as that: {kept[0].variant.name}, {gain(ratios)}"
    return [Advice(AdviceKind.ACCURACY, name.target.id, text)]


def _is_faster(ratio: Ratio, margin: float) -> bool:
    return verdict(ratio, margin) is Verdict.FASTER


def _overtakings(rows: Iterable[Row], margin: float) -> list[Advice]:
    """From which size on each GPU beats each CPU engine: by its kernel, and with what has to travel."""
    return [
        Advice(AdviceKind.CROSSOVER, one.gpu.id, _overtaking(one, margin))
        for one in crossovers(rows, margin, CPUS)
    ]


def _overtaking(one: Crossover, margin: float) -> str:
    """Ways of which the same can be said are named together."""
    said: dict[str, list[str]] = {}
    for crossing in one.crossings:
        said.setdefault(crossing.words, []).append(WAYS[crossing.way])
    parts = [f"{' or '.join(ways)}, the GPU {words}" for words, ways in said.items()]
    if len(said) == 1 < len(one.crossings):
        parts = [f"with or without transfers, the GPU {one.crossings[0].words}"]
    if len(one.crossings) == 1:
        parts.append("what transfers change is not known: kernelscope ceilings measures them")
    last = one.crossings[0].points[-1]
    kernels = f"{last.gpu.variant.name} against {last.cpu.variant.name}"
    there = f"at {last.gpu.size} its kernel is {wording(last.ratio, margin)}: {kernels}"
    return f"{one.workload} on {one.gpu.label} against {one.cpu.label}: {'; '.join(parts)}; {there}"


WAYS = {
    Way.KERNEL: "by the kernel alone",
    Way.RESIDENT: "with its weights resident",
    Way.UPLOADED: "with every operand uploaded",
}


def _waits(rows: Iterable[Row]) -> list[Advice]:
    """What each way to wait costs at the largest n of each target."""
    found = suspensions(rows)
    largest = {one.target.id: one.shape for one in sorted(found, key=lambda one: one.shape.order)}
    return [
        Advice(AdviceKind.SUSPENSION, one.target.id, one.words)
        for one in found
        if one.seconds and one.seconds.low and one.seconds.low > 0 and one.shape == largest[one.target.id]
    ]


def _reasons(best: Sequence[Best]) -> Iterator[Advice]:
    """What holds the best one back at the largest size, so what could make it faster still."""
    for at in best:
        row = at.rows[0]
        if row.reason and row.reason.cause in HOPES:
            where = f"{row.variant.workload} on {row.target.label} at {row.size}"
            text = f"{where}: {row.name} is held back by {row.reason.words}; {HOPES[row.reason.cause]}"
            yield Advice(AdviceKind.REASON, row.target.id, text)


HOPES = {
    Cause.MEMORY: "fewer bits a weight would make it faster, fewer instructions would not",
    Cause.ARITHMETIC: "fewer instructions would make it faster, fewer bytes alone would not",
    Cause.WORKGROUPS: "a split among more workgroups would use what is idle",
}
"""What may help against each cause."""


def _features(best: Sequence[Best], margin: float) -> list[Advice]:
    """How to test for what the choices need, where they are surely worth it."""
    found = []
    for at in best:
        row = at.rows[0]
        if verdict(row.speedup, margin) is not Verdict.FASTER:
            continue
        for feature in map(row.target.feature, row.variant.requires):
            if test := feature_test(feature.name, feature.group):
                found.append(_feature(row, feature, test))
    return found


def _feature(row: Row, feature: Feature, test: FeatureTest) -> Advice:
    name = feature.name
    parts = [f"test with {test.test}"]
    if test.ask:
        parts.append(f"request the device with {test.ask}")
    if test.kernel:
        parts.append(f"begin the shader with {test.kernel}")
    where = f" (emulated on {row.target.label})" if feature.state is FeatureState.EMULATED else ""
    brief = f"{row.variant.name} needs {name}{where}"
    text = f"{brief}: {', '.join(parts)}"
    return Advice(AdviceKind.FEATURE, row.target.id, text, snippets([feature]), brief)
