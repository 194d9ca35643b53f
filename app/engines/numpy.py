"""NumPy as a target: the float32 product of this machine's BLAS, the line everybody knows."""

import os
import platform
import time
from collections.abc import Mapping
from itertools import cycle

import numpy as np

from app.core.measurement import Costs
from app.core.program import Program
from app.core.target import Runtime, Target
from app.system import cores, usable_cores
from app.workloads import workloads


class _Kernel:
    timer = "wall clock over a batch"
    cpu = staticmethod(time.process_time)  # BLAS has threads

    def __init__(self, program: Program) -> None:
        native = workloads()[program.workload].native
        assert native
        self._run = native
        self._buffers = dict(program.layout.buffers)
        self._copies = program.copies
        self._fill()
        self._result = np.empty(0, np.float32)
        self.costs = Costs(0.0, 0.0, self.time(1))

    def time(self, repeats: int) -> float:
        start = time.perf_counter()
        for _ in range(repeats):
            self._result = self._run(next(self._turns))
        return time.perf_counter() - start

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        self._buffers |= buffers
        self._fill()

    def _fill(self) -> None:
        """The copies of the operands that runs take in turn; a single one is no copy."""
        first = tuple(self._buffers.values())
        others = (tuple(array.copy() for array in first) for _ in range(self._copies - 1))
        self._turns = cycle([first, *others])

    def poison(self) -> None:
        self._result = np.full_like(self._result, np.nan)

    def result(self) -> np.ndarray:
        return self._result.copy()

    def close(self) -> None:
        self._buffers, self._turns, self._result = {}, cycle(()), np.empty(0, np.float32)


class _Device:
    def prepare(self, program: Program) -> _Kernel:
        return _Kernel(program)


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
