"""q4-matvec: y = A x with weights of 4 bits, what a language model on a small device reads for each word."""

from dataclasses import replace

from app.core.shape import Shape
from app.core.workload import Tolerance
from app.workloads import matvec


def _bytes(shape: Shape, element: float) -> float:
    """A at the storage type's size; x and y as float32."""
    assert shape.columns is not None
    return shape.rows * shape.columns * element + 4 * (shape.columns + shape.rows)


def tolerance(product: Tolerance) -> Tolerance:
    """That of a ``product`` whose terms are larger than the weights: 16 bits round them as much."""

    def found(compute: str, sums: str, shape: Shape, condition: float = 1.0, growth: float = 1.0) -> float:
        within = product(compute, sums, shape, condition, growth)
        return within * growth if compute == "f16" else within

    return found


WORKLOAD = replace(
    matvec.WORKLOAD,
    name="q4-matvec",
    title="Matrix-vector product y = A x, weights of 4 bits",
    bytes=_bytes,
    tolerance=tolerance(matvec.WORKLOAD.tolerance),
    activations=lambda shape, element: 4 * (shape.columns or 0),
    odd=(Shape(1, 37), Shape(70, 300)),
    default_shapes=tuple(Shape(n, n) for n in (1024, 2048, 4096)),
    presets={
        "gemma-2b-gate-up": Shape(32768, 2048),
        "llama-3-8b-gate": Shape(14336, 4096),
        "llama-3.2-1b-gate": Shape(8192, 2048),
    },
)
