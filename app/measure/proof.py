"""Models, operator by operator: what each made of what it read, in its own tolerance.

Where activations are rounded to 8 bits on the way, a difference of 1e-7 becomes one of a code, so no model
can be held strictly to an answer as a whole; but each of its operators can.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.core.program import Check, Layout, Program
from app.core.workload import Operands
from app.engines import Device
from app.measure.verify import WrongResult, compare, complaint, weighed
from app.workloads import glue, workloads
from app.workloads.graph import answer_of, operand_shapes


def check_operators(device: Device, program: Program, fitting: Callable[[Layout], Layout]) -> None:
    """Run ``program`` once with all that its operators hand on in the result, and check each of them.

    Raises:
        WrongResult: naming the operator that is wrong.
        KernelscopeError: the program does not compile or run.
    """
    assert program.proof
    proof = program.proof()
    looked = replace(proof.program, layout=fitting(proof.program.layout), copies=1)
    kernel = device.prepare(looked)
    try:
        kernel.poison()
        kernel.time(1)
        result = kernel.result()
    finally:
        kernel.close()
    for check in proof.checks:
        if found := _complaint(check, result):
            raise WrongResult(found)


def _complaint(check: Check, result: np.ndarray) -> str:
    """What is wrong with an operator, in one line; empty where nothing is."""
    sizes = operand_shapes(check.workload, check.shape)
    found = zip(check.operands(result), sizes, strict=True)
    operands = tuple(np.asarray(one).reshape(size) for one, size in found)
    if not all(np.isfinite(one).all() for one in operands):
        return f"{check.title}: what {check.workload} {check.shape} reads is not finite"
    exact = answer_of(check.workload)(operands)
    answer = check.answer(result).reshape(exact.shape)
    large = _magnitudes(check, operands)
    within = _tolerance(check, exact, large)
    error = compare(answer, exact, exact, within, weighed(large))
    return "" if error.acceptable else f"{check.title} ({check.workload} {check.shape}): {complaint(error)}"


def _magnitudes(check: Check, operands: Operands) -> np.ndarray:
    if check.workload in glue.GLUE:
        return glue.magnitudes(check.workload, operands, check.shape)
    workload = workloads()[check.workload]
    if workload.magnitudes:
        return workload.magnitudes(operands)
    return workload.reference(tuple(np.abs(one) for one in operands))


def _tolerance(check: Check, exact: np.ndarray, large: np.ndarray) -> float:
    if check.workload in glue.GLUE:
        return glue.tolerance(check.workload, check.shape, exact, large)
    condition = float(np.linalg.norm(large)) / max(float(np.linalg.norm(exact)), 1e-300)
    # What comes out of a product that was no float is one by the time anybody reads it.
    own = workloads()[check.workload].tolerance
    return own(check.compute, check.sums, check.shape, condition, check.growth)
