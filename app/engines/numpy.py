"""NumPy as a target: the float32 product of this machine's BLAS, the line everybody knows."""

import os
import platform

import numpy as np

from app.core.program import Program
from app.core.target import Runtime, Target
from app.engines.native import Buffers, NativeKernel, no_answer
from app.system import cores, usable_cores
from app.workloads import workloads


class _Turn:
    def __init__(self, workload: str, buffers: Buffers) -> None:
        native = workloads()[workload].native
        assert native
        self._native, self._buffers = native, dict(buffers)
        self._answer = np.empty(0, np.float32)

    def run(self) -> None:
        self._answer = self._native(tuple(self._buffers.values()))

    def load(self, buffers: Buffers) -> None:
        self._buffers |= buffers

    def poison(self) -> None:
        self._answer = np.full_like(self._answer, no_answer(self._answer.dtype))

    def answer(self) -> np.ndarray:
        return self._answer


class _Device:
    def prepare(self, program: Program) -> NativeKernel:
        return NativeKernel(program, lambda buffers: _Turn(program.workload, buffers))


class _Engine:
    def targets(self) -> list[Target]:
        blas = _blas()
        return [
            Target(
                id="numpy",
                label="NumPy",
                engine="native",
                runtime=Runtime.NUMPY,
                name=f"NumPy {np.__version__}",
                backend=blas.get("name", "unknown BLAS"),
                driver=blas.get("openblas configuration", blas.get("version", "")),
                kind="CPU",
                properties={
                    "threads": os.environ.get("OPENBLAS_NUM_THREADS", str(cores())),
                    "cores": usable_cores(),
                },
            )
        ]

    def versions(self) -> dict[str, str]:
        return {"numpy": np.__version__, "python": platform.python_version()}

    def open(self, target: Target) -> _Device:
        return _Device()


def _blas() -> dict[str, str]:
    """NumPy's description of the BLAS it was built with; empty where it has none."""
    config: dict[str, dict[str, dict[str, str]]] = getattr(np.__config__, "CONFIG", {})
    return config.get("Build Dependencies", {}).get("blas", {})


ENGINE = _Engine()
