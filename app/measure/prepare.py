"""Preparing a case: its problem, its kernel, and the check of its results. Sampling and tuning share this."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
from msgspec import Struct

from app import catalog
from app.core.edit import Edit, edited
from app.core.errors import KernelError, KernelscopeError, LimitError, TargetLost, UnsupportedError
from app.core.measurement import Error, Place, Rotation, Status
from app.core.plan import Case
from app.core.program import Layout
from app.core.shape import Shape
from app.core.target import Target
from app.core.variant import Variant, why_not
from app.core.workload import Operands, Workload
from app.engines import Device, Kernel
from app.measure.cold import copies, operand_bytes
from app.measure.verify import compare
from app.workloads import workloads

log = logging.getLogger(__name__)


class Refused(Exception):
    """A case that cannot be measured: its status, why, and where its text is wrong if it is that."""

    def __init__(self, status: Status, reason: str, place: Place | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.place = place


class Ready(Struct, frozen=True):
    """A kernel that compiled and ran once; ``check`` judges a raw result of it."""

    kernel: Kernel
    layout: Layout
    source: str
    language: str
    rotation: Rotation | None
    check: Callable[[np.ndarray], Error]


def prepare(
    device: Device, target: Target, case: Case, seed: int, edits: Sequence[Edit] = (), cold: bool = False
) -> Ready:
    """Lay the operands out, render (or take the text of one of ``edits``), compile, upload and run once.

    ``cold`` operands are uploaded in as many copies as no cache holds.

    Raises:
        TargetLost: the target went away.
        Refused: the target lacks a feature, a limit forbids it, or it does not compile or run.
    """
    variant, text = _find(case, target, edits)
    if reason := why_not(variant, target):
        raise Refused(Status.UNSUPPORTED, reason)
    workload = workloads()[case.workload]
    operands, truth = problem(workload, case.shape, seed)
    try:
        program = catalog.build(variant, operands, case.parameters, text, target.dialect)
        if cold:
            program = replace(program, copies=copies(target, program))
        kernel = device.prepare(program)
    except TargetLost:
        raise
    except UnsupportedError as error:
        raise Refused(Status.UNSUPPORTED, str(error)) from error
    except LimitError as error:
        raise Refused(Status.SKIPPED, str(error)) from error
    except KernelError as error:
        place = Place(error.line, error.column or 1) if error.line else None
        where = f"line {place.line}, column {place.column}: " if place else ""
        raise Refused(Status.FAILED, f"does not compile: {where}{error}", place) from error
    except (KernelscopeError, MemoryError) as error:
        raise Refused(Status.FAILED, str(error) or "out of memory") from error
    except Exception as error:
        log.exception("%s could not be prepared", case)
        raise Refused(Status.FAILED, f"{type(error).__name__}: {error}") from error

    layout = program.layout
    stored_operands = layout.stored()
    same = all(mine is theirs for mine, theirs in zip(stored_operands, operands, strict=True))
    stored = truth if same else workload.reference(stored_operands)
    tolerance = workload.tolerance(variant.compute, variant.sums, case.shape)
    return Ready(
        kernel,
        layout,
        program.source,
        catalog.LANGUAGES[variant.runtime],
        Rotation(program.copies, program.copies * operand_bytes(layout)) if cold else None,
        lambda result: compare(layout.decode(result), truth, stored, tolerance),
    )


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


@lru_cache(maxsize=1)
def problem(workload: Workload, shape: Shape, seed: int) -> tuple[Operands, np.ndarray]:
    """Operands and answer; the same shape comes up once per case and target, one after the other."""
    operands = workload.inputs(shape, seed)
    return operands, workload.reference(operands)
