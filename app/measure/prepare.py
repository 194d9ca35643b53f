"""Preparing a case: its problem, its kernel, and the check of its results. Sampling and tuning share this."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from math import prod
from typing import NamedTuple

import numpy as np
from msgspec import Struct, structs

from app.catalog import index as catalog
from app.catalog import programs
from app.core.code import Summary
from app.core.edit import Edit, edited
from app.core.errors import (
    KernelError,
    KernelscopeError,
    LimitError,
    TargetLost,
    TrapError,
    UnsupportedError,
    in_words,
)
from app.core.events import CasePrepared
from app.core.kinds import NORMAL
from app.core.measurement import Error, Place, Quality, Rotation, Status
from app.core.plan import Case
from app.core.program import Layout, Program
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.split import split
from app.core.target import Runtime, Target
from app.core.variant import Variant, why_not
from app.core.workload import Operands, Workload
from app.engines import Device, Kernel
from app.measure.bindings import check_bindings, contract, quoted
from app.measure.code import code_of, nobody_reads
from app.measure.cold import copies
from app.measure.crooked import check_crooked, crooked_shapes
from app.measure.limits import check
from app.measure.proof import check_operators
from app.measure.quality import quality
from app.measure.verify import WrongResult, compare, magnitudes, tolerance, weighed
from app.problems import registry
from app.workloads import workloads

log = logging.getLogger(__name__)

Started = Callable[[str], None]


class Refused(Exception):
    """A case that cannot be measured: its status, why, and where its text is wrong if it is that."""

    def __init__(self, status: Status, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.place = place


class Ready(Struct, frozen=True):
    """A kernel that compiled and ran once; ``check`` judges a raw result, ``code`` reads what it became."""

    kernel: Kernel
    layout: Layout
    source: str
    language: str
    rotation: Rotation | None
    check: Callable[[np.ndarray], Error]
    quality: Quality | None = None
    code: Callable[[], Summary | None] = nobody_reads

    def as_event(self, index: int) -> CasePrepared:
        """What is told of it as the case ``index`` of its plan."""
        kernel = self.kernel
        traffic = {role.value: moved for role, moved in self.layout.traffic.items()}
        told = (self.source, self.language, kernel.timer, kernel.costs)
        groups = (
            max((prod(step.grid) for step in self.layout.run), default=0) if self.language == "wgsl" else 0
        )
        return CasePrepared(index, *told, self.rotation, traffic, self.quality, groups)


class Problem(NamedTuple):
    """Operands, the exact answer, and what this would be if no term had a sign."""

    operands: Operands
    truth: np.ndarray
    magnitudes: np.ndarray


def make_problem(workload: Workload, shape: Shape, seed: int, kind: str = NORMAL) -> Problem:
    """The problem of that shape with operands of that kind."""
    operands = workload.inputs(shape, seed, kind)
    return Problem(operands, workload.reference(operands), magnitudes(workload, operands))


problem = lru_cache(maxsize=1)(make_problem)
"""The problem made last is remembered: a shape comes up once per case and target, one after the other."""


def _unheard(step: str) -> None:
    """Nobody wants to know."""


def prepare(
    device: Device,
    target: Target,
    case: Case,
    seed: int,
    edits: Sequence[Edit] = (),
    cold: bool = False,
    kind: str = NORMAL,
    started: Started = _unheard,
    cache: int = 0,
) -> Ready:
    """Lay operands of ``kind`` out, render (or take the text of one of ``edits``), compile, upload, run once.

    What the case would take up is held against the limits before anything is made. ``cold`` operands are
    uploaded in as many copies as no cache holds; ``cache`` is how many bytes these do, 0 for unknown. A text
    of the user's own is checked at crooked shapes as well. ``started`` hears of each step before it begins.

    Raises:
        TargetLost: the target went away.
        Refused: the target lacks a feature, a limit forbids it, it does not compile or run, or a text of the
            user's own is wrong at a crooked shape.
    """
    variant, text = _find(case, target, edits)
    if reason := why_not(variant, target):
        raise Refused(Status.UNSUPPORTED, reason)
    job = _Job(device, target, case, variant, text, seed, cold, kind, started, cache)
    ready = _ready(job, problem)
    if text or registry.find(case.workload):
        try:
            _check_crooked(job, ready)
        except BaseException:
            ready.kernel.close()
            raise
    return ready


class _Job(NamedTuple):
    """What ``prepare`` is asked for; ``text`` is empty where it is the catalogue's.

    ``copies`` are those of the operands, 0 for as many as it takes.
    """

    device: Device
    target: Target
    case: Case
    variant: Variant
    text: str
    seed: int
    cold: bool
    kind: str
    started: Started
    cache: int = 0
    copies: int = 0


def _check_crooked(job: _Job, ready: Ready) -> None:
    """See that a text that is not ours, ``ready`` at its own shape, is right at crooked ones as well.

    Raises:
        Refused: it is not.
    """
    job.started("verifying")
    try:
        if not _one_run(ready).acceptable:
            return
    except TargetLost:
        raise
    except Exception:
        return  # whoever verifies it at its own shape says what is wrong there, with the figures
    case, variant = job.case, job.variant
    plain = job._replace(kind=NORMAL, started=_unheard, copies=2 if job.cold else 1)

    def judge(shape: Shape) -> Error | None:
        return _judged(plain._replace(case=_at(case, variant, shape)), shape)

    own = registry.find(case.workload)
    text = job.text or f"{own.digest if own else ''} {ready.source}"
    key = (job.target.id, case.workload, variant.layout, text, tuple(sorted(case.parameters.items())))
    try:
        check_crooked(key, crooked_shapes(workloads()[case.workload]), judge, job.started)
    except WrongResult as wrong:
        more = f"; at {case.shape} {contract(ready.layout, job.target.runtime)}"
        raise Refused(Status.WRONG, f"{wrong}{more}") from wrong


def _at(case: Case, variant: Variant, shape: Shape) -> Case:
    """``case`` at another shape, with the sizes that its text writes out."""
    sides = {p.name: shape.sizes[p.side] for p in variant.parameters if p.side >= 0}
    return structs.replace(case, shape=shape, parameters=case.parameters | sides)


def _one_run(ready: Ready) -> Error:
    ready.kernel.poison()
    ready.kernel.time(1)
    return ready.check(ready.kernel.result())


def _judged(job: _Job, shape: Shape) -> Error | None:
    """The error of one run at ``shape``; None where a limit or a missing feature forbids it there."""
    try:
        ready = _ready(job, make_problem)
    except Refused as refused:
        if refused.status is not Status.FAILED:
            return None
        raise Refused(Status.FAILED, f"at {shape}: {refused.reason}", refused.place) from refused
    try:
        return _one_run(ready)
    except TargetLost:
        raise
    except Exception as error:
        raise Refused(Status.FAILED, f"at {shape}: {in_words(error)}") from error
    finally:
        ready.kernel.close()


def _ready(job: _Job, make: Callable[[Workload, Shape, int, str], Problem]) -> Ready:
    device, target, case, variant, text, seed, cold, kind, started, cache, count = job
    workload = workloads()[case.workload]
    foreign = bool(text or registry.find(case.workload))
    try:
        # What it takes up is known of operands that have a shape and no memory.
        dummies = tuple(map(sketch, workload.operand_shapes(case.shape)))
        program = programs.build(variant, dummies, case.parameters, text, target.dialect)
        program = replace(program, layout=_fitting(program.layout, target))
        if cold:
            program = replace(program, copies=count or copies(target, program, cache))
        check(target, workload, case.shape, variant.storage, program)
        if foreign and target.runtime is Runtime.WGSL:
            check_bindings(program.source, program.layout)
        started("making inputs")
        try:
            operands, truth, sizes = make(workload, case.shape, seed, kind)
        except MemoryError as error:
            raise LimitError(f"no memory for the inputs of {case.shape.label}") from error
        program = programs.with_operands(program, variant, operands, target.dialect)
        program = replace(program, layout=_fitting(program.layout, target), started=started)
        worth = _of_model(job, program) if program.proof else None
        started("compiling")
        kernel = device.prepare(program)
    except TargetLost:
        raise
    except WrongResult as wrong:
        raise Refused(Status.WRONG, str(wrong)) from wrong
    except UnsupportedError as error:
        raise Refused(Status.UNSUPPORTED, str(error)) from error
    except LimitError as error:
        raise Refused(Status.SKIPPED, str(error)) from error
    except KernelError as error:
        place = Place(max(1, error.line - program.added_lines), error.column or 1) if error.line else None
        where = f"line {place.line}, column {place.column}: " if place else ""
        more = quoted(str(error), program.layout, target.runtime) if foreign else ""
        raise Refused(Status.FAILED, f"does not compile: {where}{error}{more}", place) from error
    except TrapError as error:
        place = Place(error.line, error.column or 1) if error.line else None
        raise Refused(Status.FAILED, str(error), place) from error
    except (KernelscopeError, MemoryError) as error:
        raise Refused(Status.FAILED, str(error) or "out of memory") from error
    except Exception as error:
        log.exception("%s could not be prepared", case)
        raise Refused(Status.FAILED, f"{type(error).__name__}: {error}") from error

    layout = program.layout
    stored_operands = layout.stored()
    same = all(mine is theirs for mine, theirs in zip(stored_operands, operands, strict=True))
    stored = truth if same else workload.reference(stored_operands)
    within = tolerance(workload, variant, case.shape, layout, stored, sizes)
    weights = weighed(sizes)
    return Ready(
        kernel,
        layout,
        program.source,
        variant.runtime.about.language,
        Rotation(program.copies, program.copies * layout.operand_bytes) if cold else None,
        lambda result: compare(layout.decode(result), truth, stored, within, weights),
        worth,
        partial(code_of, target.engine, program.source, tuple(case.parameters.items())),
    )


def _of_model(job: _Job, program: Program) -> Quality | None:
    """Check each operator of a model's program; what the model's answers are worth.

    Raises:
        WrongResult: an operator is wrong.
    """
    job.started("verifying its operators")
    check_operators(job.device, program, lambda layout: _fitting(layout, job.target))
    return quality(job.device, job.target, job.variant, job.case)


def _fitting(layout: Layout, target: Target) -> Layout:
    """``layout`` in parts that the target can bind, where it binds anything."""
    return split(layout, target.limits) if target.runtime is Runtime.WGSL else layout


def _find(case: Case, target: Target, edits: Sequence[Edit]) -> tuple[Variant, str]:
    """The variant of ``case``, and its text if that is the user's own."""
    name = (case.workload, case.variant, target.runtime)
    try:
        for edit in edits:
            if edit.key == name:
                return edited(edit, catalog.find(edit.workload, edit.like, edit.runtime)), edit.text
        return catalog.find(*name), ""
    except KernelscopeError as error:
        raise Refused(Status.FAILED, str(error)) from error
