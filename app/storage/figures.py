"""What types cannot say of figures that stand in several kinds of files: tunings, ceilings, times."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.core.ceilings import Ceilings, Link
from app.core.code import Summary, Work
from app.core.conditions import Conditions
from app.core.tuning import Tuning

SHORTEST, LONGEST = 1e-18, 1e9
"""Seconds that a run can have taken."""

LARGEST_FIGURE = 1e30
LONGEST_NAME = 1000
"""Characters; the names of real adapters and drivers have up to 150."""

LONGEST_REASON = 20_000
"""Characters of whatever a person is told of one thing; ours have up to 500."""

_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", flags=re.ASCII)


def of_parameters(values: Mapping[str, int | str]) -> Iterator[str]:
    """What is wrong with the names and values of parameters."""
    yield from of_parameter_names(values)
    yield from of_values(values.values())


def of_parameter_names(names: Iterable[str]) -> Iterator[str]:
    """What is wrong with the names of parameters: templates name what they take."""
    if odd := next((name for name in names if not _PARAMETER.fullmatch(name)), None):
        yield f"{odd[:40]!r} is no name of a parameter"


def of_values(values: Iterable[int | str]) -> Iterator[str]:
    """What is wrong with the values of parameters."""
    for value in values:
        if len(value) > LONGEST_NAME if isinstance(value, str) else abs(value) > LARGEST_FIGURE:
            yield f"a parameter's value {str(value)[:40]!r} is out of range"


def of_tuning(tuning: Tuning) -> Iterator[str]:
    """What is wrong with a tuning."""
    times = [tuning.seconds, *([] if tuning.default_seconds is None else [tuning.default_seconds])]
    yield from of_times(times, f"tuning {tuning.workload[:40]} {tuning.variant[:40]}")
    yield from of_parameters(tuning.parameters)
    yield from of_parameters(tuning.defaults)
    if not 1 <= tuning.tried <= LARGEST_FIGURE:
        yield "how many candidates a tuning tried is out of range"
    if ratio := tuning.speedup:
        figures = [f for f in (ratio.value, ratio.low, ratio.high) if f is not None]
        if not all(0 < figure <= LARGEST_FIGURE for figure in figures):
            yield "the speedup of a tuning is out of range"
    if max(len(text) for text in (tuning.workload, tuning.variant, tuning.stop, tuning.date)) > LONGEST_NAME:
        yield f"a text of a tuning is longer than {LONGEST_NAME} characters"


MOST_READINGS = 100


def of_times(times: Iterable[float], whose: str) -> Iterator[str]:
    """What is wrong with times of runs; ``whose`` they are is said."""
    if not all(SHORTEST <= seconds <= LONGEST for seconds in times):
        yield f"a sample of {whose} is no time that a run can take"


def of_ceilings(ceilings: Ceilings) -> Iterator[str]:
    """What is wrong with ceilings."""
    names = (ceilings.date, *ceilings.flops, *ceilings.contradicted)
    if max(map(len, names)) > LONGEST_NAME or len(ceilings.contradiction) > LONGEST_REASON:
        yield "a text of a ceiling is too long"
    links: list[Link] = [way for way in (ceilings.upload, ceilings.download, ceilings.map) if way]
    rates = [rate for rate in (ceilings.read, ceilings.copy, *ceilings.flops.values()) if rate is not None]
    rates += [way.rate for way in links] + [reading.rate for reading in ceilings.curve]
    waits = [way.latency for way in links]
    waits += [wait for wait in (ceilings.dispatch, ceilings.floor) if wait is not None]
    if not all(0 < rate <= LARGEST_FIGURE for rate in rates) or not all(0 <= s <= LONGEST for s in waits):
        yield "a ceiling is out of range"
    sizes = [reading.bytes for reading in ceilings.curve]
    in_order = sizes == sorted(set(sizes)) and all(0 < size < 1 << 50 for size in sizes)
    if not in_order or len(sizes) > MOST_READINGS:
        yield "the sizes of a curve of reading are not in order, or out of range"


KINDS = frozenset(work.value for work in Work)
MOST_REASONS = 16
"""Why a clock is held down."""


def of_code(code: Summary | None, what: str) -> Iterator[str]:
    """What is wrong with the counts of the code of ``what``."""
    if code is None:
        return
    figures = (code.loop, code.cost, code.spills, code.registers, code.bytes, *code.counts.values())
    if not all(0 <= figure <= LARGEST_FIGURE for figure in figures):
        yield f"a count of the code of {what} is out of range"
    if code.counts.keys() - KINDS or len(code.compiler) > LONGEST_NAME:
        yield f"the code of {what} is counted as none is"


def of_conditions(readings: Sequence[Conditions], what: str) -> Iterator[str]:
    """What is wrong with what sensors said beside the samples of ``what``."""
    for one in readings:
        if not all(0 <= figure <= LARGEST_FIGURE for figure in (one.clock, abs(one.celsius), one.watts)):
            yield f"what sensors said beside {what} is out of range"
        if len(one.throttled) > MOST_REASONS or any(len(name) > LONGEST_NAME for name in one.throttled):
            yield f"the reasons beside {what} are too many, or too long"
