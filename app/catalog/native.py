"""NumPy as a kernel: the workload's own float32 answer, packed as a program."""

import inspect

import numpy as np

from app.core.program import Layout, Program
from app.core.workload import Operands, Workload


def text(workload: Workload) -> str:
    """The Python text of the workload's float32 answer."""
    assert workload.native
    return inspect.getsource(workload.native)


def program(workload: Workload, operands: Operands) -> Program:
    """A program whose buffers are the operands as they are."""
    buffers = {f"operand{i}": operand for i, operand in enumerate(operands)}
    layout = Layout(buffers, {}, (np.dtype(np.float32), 0), stored=lambda: operands)
    return Program(text(workload), layout, parameters={"workload": workload.name})
