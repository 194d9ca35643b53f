"""fma: multiply-adds on registers alone; how fast a target computes when memory has no say.

For each x of n, ``LANES`` independent chains start from x + lane. A round is ``STEPS`` multiply-adds that
together add ``STEPS`` to the chain, after which ``STEPS`` - 1 is taken back; there are ``ROUNDS`` rounds. The
answer is the sum over the chains. All of it is made of small integers, exact even in f16 and in 8 bits, so a
single step left out shows. How a kernel makes its steps is its own affair: floats go from x to 2 x + 2 and
back to half of it plus one; a dot product of four bytes counts as four multiply-adds, so kernels with those
take a quarter of the rounds and let the chain grow by four in each.
"""

import numpy as np

from app.core.kinds import NORMAL
from app.core.shape import Shape
from app.core.workload import Operands, Workload

LANES = 32
STEPS = 64
ROUNDS = 4
STARTS = 8
"""x is an integer below this: with lanes, rounds and steps it stays below 128, as signed bytes must."""


def _inputs(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """x (rows,), float32, integers from 0 to ``STARTS`` - 1, of whatever kind: none may be larger."""
    random = np.random.default_rng([seed, shape.rows])
    return (random.integers(0, STARTS, shape.rows).astype(np.float32),)


def _reference(operands: Operands) -> np.ndarray:
    """The answer (rows,) in float64, step by step for each distinct x."""
    distinct, where = np.unique(operands[0], return_inverse=True)
    chains = distinct.astype(np.float64)[:, None] + np.arange(LANES)
    for _ in range(ROUNDS):
        for _ in range(STEPS // 2):
            chains = chains * 2 + 2
            chains = chains * 0.5 + 1
        chains -= STEPS - 1
    sums: np.ndarray = chains.sum(axis=1)
    return sums[where]


WORKLOAD = Workload(
    name="fma",
    title="Multiply-adds on registers",
    dimensions=("rows",),
    operand_shapes=lambda shape: ((shape.rows,),),
    inputs=_inputs,
    reference=_reference,
    native=None,
    flops=lambda shape: 2 * shape.rows * LANES * STEPS * ROUNDS,
    bytes=lambda shape, element: shape.rows * (element + 4),
    tolerance=lambda compute, sums, shape, condition=1.0, growth=1.0: 1e-6,
    default_shapes=tuple(Shape(1 << bits) for bits in (10, 12, 14, 16)),
)
