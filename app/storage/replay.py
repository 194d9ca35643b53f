"""Reading the journal of a run: the session that its events tell of, and what of it must not be forgotten."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import structs

from app.core.errors import KernelscopeError
from app.core.events import (
    AnyEvent,
    CaseCalibrated,
    CaseCompiled,
    CaseFinished,
    CaseOpened,
    CaseParted,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    Log,
)
from app.core.measurement import Status
from app.core.recorder import Recorder
from app.core.session import Session
from app.figures.statistics import FEWEST_SAMPLES
from app.storage.check import problem
from app.storage.files import LARGEST_FILE, decode
from app.system import open_regular

_decoder: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent)


def events(lines: Iterable[bytes]) -> Iterator[tuple[bytes, AnyEvent]]:
    """Each line with its event, up to the first that is not whole."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        for line in lines:
            yield line, _decoder.decode(line)


def replay(path: Path) -> Session:
    """The session that the journal in ``path`` tells of, up to the first line that is not whole.

    Cases that were being timed count where they have enough samples and were found right among them.

    Raises:
        TooNewError: a newer Kernelscope wrote it.
        KernelscopeError: there is not even a whole first line, or what it tells of is no session that can be.
        OSError: it cannot be read.
    """
    if path.stat().st_size > LARGEST_FILE:
        raise KernelscopeError(f"{path}: larger than {LARGEST_FILE >> 20} MiB, so no journal of ours")
    with open_regular(path) as file:
        head = decode(file.readline(LARGEST_FILE + 1), str(path))
        recorder = Recorder(
            head.plan, head.host, head.targets, head.variants, head.app_version, head.machines
        )
        open_cases: dict[int, _Open] = {}
        for _, told in events(file):
            if not 0 <= getattr(told, "case", 0) < max(1, len(head.plan.cases)):
                break
            for event in _with_opening(told):
                recorder.apply(event)
                _note(event, open_cases)
    for index, case in open_cases.items():
        if case.checked and case.samples >= FEWEST_SAMPLES:
            recorder.apply(CaseFinished(index, Status.OK, stop="interrupted"))
        else:
            reason = "interrupted before its result was sure"
            recorder.apply(CaseFinished(index, Status.CANCELLED, reason, "interrupted"))
    found = recorder.session()
    session = structs.replace(
        head,
        kernels=head.kernels | found.kernels,
        measurements=found.measurements,
        ceilings=head.ceilings | found.ceilings,
        log=(*head.log, *found.log),
    )
    if wrong := problem(session):
        raise KernelscopeError(f"{path}: damaged journal ({wrong})")
    return session


def _with_opening(event: AnyEvent) -> tuple[AnyEvent, ...]:
    """Journals of 0.1 tell by a step that a case begins."""
    if isinstance(event, CaseStarted) and event.step == "compiling":
        return (CaseOpened(event.case), event)
    return (event,)


class _Open:
    """A case under way: its samples so far, and whether its result was right after some of them."""

    def __init__(self) -> None:
        self.samples = 0
        self.checked = False


def _note(event: AnyEvent, open_cases: dict[int, _Open]) -> None:
    match event:
        case CaseOpened(case=index) | CaseCalibrated(case=index):
            open_cases[index] = _Open()
        case CaseStarted(case=index):
            open_cases.setdefault(index, _Open())
        case CaseSampled(case=index) if index in open_cases:
            open_cases[index].samples += 1
        case CaseVerified(case=index, error=error) if index in open_cases:
            open_cases[index].checked = open_cases[index].samples > 0 and error.acceptable
        case CaseFinished(case=index):
            open_cases.pop(index, None)


def last_words(lines: Iterable[bytes]) -> list[bytes]:
    """What no later pass of a live run tells again: its log, and how the cases ended that are out of it."""
    kept: list[bytes] = []
    cases: dict[int, list[bytes]] = {}
    for line, event in events(lines):
        match event:
            case Log():
                kept.append(line)
            case CaseOpened(case=index):
                cases[index] = [line]
            case (
                CasePrepared(case=index)
                | CaseVerified(case=index)
                | CaseParted(case=index)
                | CaseCompiled(case=index)
            ):
                cases.setdefault(index, []).append(line)
            case CaseFinished(case=index, status=Status.OK):
                cases.pop(index, None)
            case CaseFinished(case=index):
                kept += [*cases.pop(index, ()), line]
    return kept
