"""The right answer of a problem: an einsum, stored arrays, or the user's own Python in a process of its own.

Python runs only where the user opened its folder himself (``folder``), and exactly the text that was read
there. It gets every input as float64 (or int64), every scalar and every size by name.
"""

import io
from abc import ABC, abstractmethod
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np

from app.core.errors import KernelscopeError
from app.core.problem import Problem
from app.core.workload import Operands
from app.problems.arrays import DTYPES, array_shape
from app.problems.expression import value
from app.problems.runner import Runner
from app.system import read_regular

LARGEST_STORED = 1 << 30
"""Bytes of a file with expected arrays."""


class Answer(ABC):
    """What a problem's reference says."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem

    def of(self, operands: Operands) -> np.ndarray:
        """The answer in float64: that of the only output, or those of all, flat, one after the other."""
        arrays, sizes = self._by_name(operands)
        outputs = self._problem.outputs
        found = self.outputs(arrays, sizes)
        made = [_checked(found.get(one.name), self._shape(one.name, sizes), one.name) for one in outputs]
        return made[0] if len(made) == 1 else np.concatenate([one.reshape(-1) for one in made])

    @abstractmethod
    def outputs(self, arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        """Every output by name."""

    def stored(self, sizes: Mapping[str, int]) -> tuple[np.ndarray, ...]:
        """The inputs that belong to stored answers at these sizes."""
        raise NotImplementedError

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Whether there are stored inputs for these sizes."""
        return False

    def _by_name(self, operands: Operands) -> tuple[dict[str, np.ndarray], dict[str, int]]:
        inputs = self._problem.inputs
        arrays = dict(zip((one.name for one in inputs), operands, strict=False))
        sizes = dict(zip(self._problem.sizes, (len(one) for one in operands[len(inputs) :]), strict=True))
        return arrays, sizes

    def _shape(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
        return array_shape(self._problem.buffer(name), sizes)


def answerer(problem: Problem, folder: Path | None) -> Answer:
    """What knows the answers of ``problem``."""
    if problem.reference.einsum:
        return _Einsum(problem)
    if problem.reference.stored and problem.reference.python:
        return _Both(problem, folder)
    return _Stored(problem, folder) if problem.reference.stored else _Python(problem, folder)


def _checked(array: np.ndarray | None, shape: tuple[int, ...], name: str) -> np.ndarray:
    if array is None:
        raise KernelscopeError(
            f"the reference gives no {name}: return a dictionary with an array for each output"
        )
    if array.shape != shape:
        raise KernelscopeError(f"the reference gives {name} with the shape {array.shape}, and it has {shape}")
    return array.astype(np.float64, copy=False)


def _wide(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float64 if array.dtype.kind == "f" else np.int64)


class _Einsum(Answer):
    def outputs(self, arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        wide = [_wide(arrays[one.name]) for one in self._problem.inputs]
        return {
            self._problem.outputs[0].name: np.einsum(self._problem.reference.einsum, *wide, optimize=True)
        }


class _Python(Answer):
    def __init__(self, problem: Problem, folder: Path | None) -> None:
        super().__init__(problem)
        self._folder = folder
        self._runner: Runner | None = None

    def outputs(self, arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        problem = self._problem
        if self._folder is None:
            raise KernelscopeError(
                f"the reference of {problem.name} is Python that came with a session, which never runs: "
                "open the problem's folder (--problem DIR)"
            )
        if self._runner is None:
            self._runner = Runner(self._folder, problem.reference.python, problem.reference.text)
        given = {name: _wide(array) for name, array in arrays.items()}
        plain = {name: value(formula, sizes) for name, formula in problem.scalars.items()}
        found = self._runner.run(
            given | {name: np.asarray(one) for name, one in (plain | dict(sizes)).items()}
        )
        if set(found) == {""}:
            if len(problem.outputs) != 1:
                raise KernelscopeError(
                    "the reference gives one array, and there are several outputs: return a dictionary"
                )
            return {problem.outputs[0].name: found[""]}
        return found


class _Stored(Answer):
    def __init__(self, problem: Problem, folder: Path | None) -> None:
        super().__init__(problem)
        self._folder = folder

    def holds(self, sizes: Mapping[str, int]) -> bool:
        return any(one.sizes == dict(sizes) for one in self._problem.reference.stored)

    def _arrays(self, sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        problem = self._problem
        for one in problem.reference.stored:
            if one.sizes == dict(sizes):
                return self._load(one.file)
        there = "; ".join(
            ", ".join(f"{n}={s}" for n, s in one.sizes.items()) for one in problem.reference.stored
        )
        raise KernelscopeError(f"{problem.name} has stored answers only for {there}")

    def _load(self, file: str) -> dict[str, np.ndarray]:
        if self._folder is None:
            raise KernelscopeError(
                f"the stored answers of {self._problem.name} are not part of a session: open its "
                "folder (--problem DIR)"
            )
        raw = read_regular(self._folder / file, LARGEST_STORED)
        if sha256(raw).hexdigest() != self._problem.reference.digests.get(file):
            raise KernelscopeError(
                f"{self._folder / file} has changed since it was opened: open the problem again"
            )
        return load_arrays(raw, file)

    def outputs(self, arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        return self._arrays(sizes)

    def stored(self, sizes: Mapping[str, int]) -> tuple[np.ndarray, ...]:
        found = self._arrays(sizes)
        made = []
        for one in self._problem.inputs:
            array = found.get(one.name)
            if array is None or array.shape != self._shape(one.name, sizes):
                raise KernelscopeError(
                    f"the stored arrays hold no {one.name} of the shape {self._shape(one.name, sizes)}"
                )
            made.append(array.astype(DTYPES[one.dtype], copy=False))
        return tuple(made)


class _Both(Answer):
    """Stored answers at their sizes, Python's elsewhere."""

    def __init__(self, problem: Problem, folder: Path | None) -> None:
        super().__init__(problem)
        self._stored, self._python = _Stored(problem, folder), _Python(problem, folder)

    def holds(self, sizes: Mapping[str, int]) -> bool:
        return self._stored.holds(sizes)

    def outputs(self, arrays: Mapping[str, np.ndarray], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
        known = self._stored if self.holds(sizes) else self._python
        return known.outputs(arrays, sizes)

    def stored(self, sizes: Mapping[str, int]) -> tuple[np.ndarray, ...]:
        return self._stored.stored(sizes)


def load_arrays(raw: bytes, name: str) -> dict[str, np.ndarray]:
    """The arrays of an ``.npz``; objects, which could run code, are refused.

    Raises:
        KernelscopeError: it is none.
    """
    try:
        with np.load(io.BytesIO(raw), allow_pickle=False) as file:
            return {key: file[key] for key in file.files}
    except Exception as error:
        raise KernelscopeError(f"{name} is no .npz of plain arrays ({error})") from error
