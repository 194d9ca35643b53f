"""NumPy as a peer: the workload's own float32 answer."""

import inspect
from functools import partial

import numpy as np

from app.catalog.peers.call import FLOAT, Call
from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameters, Variant
from app.core.workload import Operands, Workload
from app.workloads import catalogue


def calls() -> list[Call]:
    """One for each workload that NumPy has an answer to."""
    return [call_of(workload) for workload in catalogue().values() if workload.native]


def call_of(workload: Workload) -> Call:
    """NumPy's answer to ``workload``, which has one."""
    return Call(_variant(workload.name), partial(_text, workload), _lay_out)


def _variant(workload: str) -> Variant:
    return Variant(
        workload=workload,
        name="f32",
        runtime=Runtime.NUMPY,
        summary="NumPy's own float32 answer: the line everybody knows",
        template="",
        layout="",
        storage="f32",
        compute="f32",
    )


def _text(workload: Workload, parameters: Parameters) -> str:
    """The Python text of the workload's float32 answer."""
    assert workload.native
    return inspect.getsource(getattr(workload.native, "func", workload.native))


def _lay_out(operands: Operands) -> Layout:
    """The operands as they are."""
    buffers = {f"operand{i}": np.asanyarray(operand) for i, operand in enumerate(operands)}
    return Layout(buffers, {}, (FLOAT, 0), stored=lambda: operands)
