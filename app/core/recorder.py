"""The recorder: turns the events of a run into a session, at any moment of it."""

import hashlib
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import UTC, datetime

from msgspec import structs

from app.core.ceilings import Ceilings, with_ceilings
from app.core.code import Summary
from app.core.conditions import Conditions
from app.core.edit import LONGEST_TEXT
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
    CeilingsMeasured,
    Log,
    PassStarted,
)
from app.core.measurement import (
    Costs,
    Error,
    Measurement,
    Part,
    Place,
    Quality,
    Rotation,
    Status,
    Stretch,
)
from app.core.plan import Case, Plan
from app.core.session import Host, KernelText, LogLine, Session
from app.core.target import Target
from app.core.variant import Variant

KEPT = 1000
"""Rounds that a live run keeps: enough for any interval, and a session that never grows too large."""


def now() -> str:
    """The time as sessions keep it: ISO 8601, UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class _Record:
    """The growing side of one measurement."""

    def __init__(self, case: Case, instances: int) -> None:
        self.case, self.instances = case, instances
        self.status: Status | None = None
        self.reason = self.step = self.stop = self.timer = self.kernel = ""
        self.samples: list[CaseSampled] = []
        self.repeats = self.rounds = 0
        self.batches = 1
        self.error: Error | None = None
        self.costs: Costs | None = None
        self.rotation: Rotation | None = None
        self.traffic: dict[str, int] = {}
        self.quality: Quality | None = None
        self.parts: tuple[Part, ...] = ()
        self.workgroups = 0
        self.code: Summary | None = None
        self.place: Place | None = None
        self.kept = self.dropped = 0
        """Samples of the passes of a live run that are over, and those that made room for them."""

    def calibrate(self, event: CaseCalibrated) -> None:
        """Take the lengths of what follows; samples of other lengths, in this life, are forgotten."""
        others = [one for one in self.samples[self.kept :] if event.life not in (None, one.life)]
        self.samples[self.kept :] = others
        self.repeats, self.batches = event.repeats, event.batches
        self.rounds = event.rounds

    def finish(self, event: CaseFinished) -> None:
        """Take the last word; a pass that was cut short does not spoil those before it."""
        if event.status is Status.CANCELLED and self.kept and self.status is Status.OK:
            del self.samples[self.kept :]
            self.stop = event.stop or "stopped by the user"
        else:
            self.status, self.reason, self.stop = event.status, event.reason, event.stop
            self.place = event.place

    def measurement(self) -> Measurement:
        status = self.status
        if status is None:
            status = Status.OK if self.samples and self.error else Status.CANCELLED
        stop = self.stop
        if self.dropped:
            stop += f"; the last {len(self.samples)} of {self.dropped + len(self.samples)} rounds"
        cpu = [sample.cpu for sample in self.samples if sample.cpu is not None]
        return Measurement(
            self.case,
            status,
            self.reason,
            tuple(sample.seconds for sample in self.samples),
            self.repeats,
            self.timer,
            stop,
            self.error,
            self.costs,
            self.kernel,
            self.place,
            rotation=self.rotation,
            traffic=self.traffic,
            quality=self.quality,
            parts=self.parts,
            workgroups=self.workgroups,
            code=self.code,
            conditions=_conditions(self.samples),
            batches=self.batches,
            rounds=self.rounds,
            stretches=_stretches(self.samples),
            middles=tuple(sample.middle or sample.seconds for sample in self.samples),
            disturbed=tuple(sample.disturbed for sample in self.samples),
            cpu=tuple(cpu) if len(cpu) == len(self.samples) else (),
            instances=self.instances,
        )


def _conditions(samples: Sequence[CaseSampled]) -> tuple[Conditions, ...]:
    """What sensors said beside each; nothing where none ever said anything."""
    found = tuple(sample.conditions or Conditions() for sample in samples)
    return found if any(one.known for one in found) else ()


def _stretches(samples: Sequence[CaseSampled]) -> tuple[Stretch, ...]:
    """The rounds of ``samples``, those that follow each other in one life taken together."""
    found: list[Stretch] = []
    for one in samples:
        last = found[-1] if found else None
        if last and (last.life, last.first + last.count) == (one.life, one.round):
            found[-1] = structs.replace(last, count=last.count + 1)
        else:
            found.append(Stretch(one.life, one.round, 1))
    return tuple(found)


class Recorder:
    """Follows one run; ``session()`` may be asked for at any time and is a consistent snapshot."""

    def __init__(
        self,
        plan: Plan,
        host: Host,
        targets: tuple[Target, ...],
        variants: tuple[Variant, ...],
        app_version: str,
        machines: Mapping[str, Host] | None = None,
    ) -> None:
        self.plan = plan
        self._head = {
            "app_version": app_version,
            "created": now(),
            "host": host,
            "variants": variants,
            "plan": plan,
            "machines": dict(machines or {}),
        }
        self._targets = targets
        self._records = [_Record(case, plan.settings.instances) for case in plan.cases]
        self._kernels: dict[str, KernelText] = {}
        self._log: list[LogLine] = []
        self._ceilings: dict[str, Ceilings] = {}

    def fresh(self) -> "Recorder":
        """Another one of the same plan, which knows the same ceilings and nothing else."""
        other = copy(self)
        other._records = [_Record(record.case, record.instances) for record in self._records]
        other._kernels, other._log, other._ceilings = {}, [], dict(self._ceilings)
        return other

    @property
    def finished(self) -> int:
        """How many cases have their last word."""
        return sum(record.status is not None for record in self._records)

    def apply(self, event: AnyEvent) -> None:
        """Take one event in."""
        match event:
            case CaseOpened(case=i):
                self._open(self._records[i])
            case CaseStarted(case=i, step=step):
                self._records[i].step = step
            case CasePrepared(case=i):
                record = self._records[i]
                record.kernel = self._keep(event.language, event.source)
                record.timer, record.costs = event.timer, event.costs
                record.rotation, record.traffic = event.rotation, event.traffic
                record.quality = event.quality
                record.parts, record.code = (), None
                record.workgroups = event.workgroups
            case CaseVerified(case=i, error=error):
                self._records[i].error = error
            case CaseCalibrated(case=i):
                self._records[i].calibrate(event)
            case CaseSampled(case=i, repeats=repeats):
                self._records[i].repeats = repeats
                self._records[i].samples.append(event)
            case CaseParted(case=i, parts=parts):
                self._records[i].parts = parts
            case CaseCompiled(case=i, code=code):
                self._records[i].code = code
            case CaseFinished(case=i):
                self._records[i].finish(event)
            case PassStarted():
                self._begin_pass()
            case CeilingsMeasured(target=target, ceilings=ceilings):
                self._ceilings[target] = ceilings
                self._targets = tuple(
                    with_ceilings(own, ceilings) if own.id == target else own for own in self._targets
                )
            case Log(level=level, text=text, time=time):
                self._log.append(LogLine(time or now(), level, text[:LONGEST_TEXT]))

    def _open(self, record: _Record) -> None:
        """A case that starts over in a fresh worker forgets its samples: they would be of two lives."""
        del record.samples[record.kept :]
        if not record.kept:
            record.error = None

    def _begin_pass(self) -> None:
        """Keep the last rounds of every case; what passes were over so far no stop takes away."""
        for record in self._records:
            if record.status is Status.OK:
                dropped = max(0, len(record.samples) - KEPT)
                del record.samples[:dropped]
                record.dropped += dropped
                record.kept = len(record.samples)

    def _keep(self, language: str, source: str) -> str:
        key = hashlib.sha256(source.encode()).hexdigest()[:16]
        self._kernels[key] = KernelText(language, source)
        return key

    def session(self) -> Session:
        """The run so far; cases without a word yet are left out at its end, and count as stopped before."""
        begun = list(self._records)
        while begun and begun[-1].status is None and not begun[-1].step:
            begun.pop()
        return Session(
            **self._head,  # type: ignore[arg-type]
            targets=self._targets,
            kernels=dict(self._kernels),
            measurements=tuple(record.measurement() for record in begun),
            ceilings=dict(self._ceilings),
            log=tuple(self._log),
        )
