"""The problems that this process knows, by name: opened from a folder by the user, or read with a session.

What a session brought is data: it is shown and derived from, and its Python never runs. Only ``open_folder``,
which whoever handles the user's own choice of a folder calls, gives a problem a folder to run it from.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

import msgspec

from app.core.errors import KernelscopeError
from app.core.problem import Kernel, Problem
from app.core.variant import Variant
from app.core.workload import Workload


class Opened:
    """A problem that is known here; ``folder`` is where the user opened it, None where nobody did."""

    def __init__(self, problem: Problem, folder: Path | None = None) -> None:
        self.problem = problem
        self.folder = folder
        self.digest = digest(problem)

    @cached_property
    def workload(self) -> Workload:
        """It as a workload: inputs, reference, counts, tolerance."""
        from app.problems.workload import make_workload

        return make_workload(self.problem, self.folder)

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Its kernels, in their order."""
        from app.problems.variants import make_variants

        return make_variants(self.problem)

    def kernel(self, variant: Variant) -> Kernel:
        """What ``variant``, or one that an edit made of it, is made from."""
        from app.problems.variants import layout_name

        for kernel in self.problem.kernels:
            if (kernel.runtime, layout_name(kernel)) == (variant.runtime, variant.layout):
                return kernel
        raise KernelscopeError(f"the problem {self.problem.name} has no kernel {variant.name}")


_known: dict[str, Opened] = {}
_read: dict[str, Opened] = {}
"""Those of sessions by their digest, so that each is made into a workload once."""


def digest(problem: Problem) -> str:
    """What tells two problems, or two states of one, apart."""
    return hashlib.sha256(msgspec.json.encode(problem)).hexdigest()[:16]


def known() -> Mapping[str, Opened]:
    """Every problem by name, in the order they came."""
    return _known


def state() -> tuple[str, ...]:
    """What changes with the problems that are known."""
    return tuple(one.digest for one in _known.values())


def find(name: str) -> Opened | None:
    """The problem of that name, if it is known."""
    return _known.get(name)


def open_folder(problem: Problem, folder: Path) -> Opened:
    """Take in a problem that the user opened in ``folder``; it takes the place of others of its name."""
    found = _known.get(problem.name)
    if found is None or found.folder != folder or found.digest != digest(problem):
        found = _known[problem.name] = Opened(problem, folder)
    return found


def learn(problems: Iterable[Problem]) -> None:
    """Take in what a session brought, without its folder; what the user opened himself stays."""
    for problem in problems:
        there = _known.get(problem.name)
        if there is None or (there.folder is None and there.digest != digest(problem)):
            _known[problem.name] = _as_read(problem)


def adopt(problems: Iterable[Problem], folders: Mapping[str, str]) -> None:
    """In a worker: take in what the parent sent, with the folders that the user opened there."""
    for problem in problems:
        folder = folders.get(problem.name)
        if folder is not None:
            open_folder(problem, Path(folder))
        elif (there := _known.get(problem.name)) is None or there.folder or there.digest != digest(problem):
            _known[problem.name] = Opened(problem)  # without the folder that an earlier job may have had


def forget(name: str) -> None:
    """Close the problem of that name."""
    _known.pop(name, None)


def _as_read(problem: Problem) -> Opened:
    key = digest(problem)
    if key not in _read:
        _read[key] = Opened(problem)
    return _read[key]


def workloads_of(problems: Iterable[Problem]) -> dict[str, Workload]:
    """Workloads by name, as these problems describe them, whatever is open."""
    return {problem.name: _as_read(problem).workload for problem in problems}


def expect(problem: Problem) -> None:
    """See that a plan's problem is the one that would run.

    Raises:
        KernelscopeError: another of that name is open.
    """
    there = _known.get(problem.name)
    if there is None:
        learn([problem])
    elif there.digest != digest(problem):
        if there.folder is None:
            _known[problem.name] = _as_read(problem)
            return
        raise KernelscopeError(
            f"the problem {problem.name} in {there.folder} is not the one of this session any more: "
            "run it anew, or close it and run the session's"
        )


def opened_here() -> frozenset[str]:
    """The names of those that the user opened himself."""
    return frozenset(name for name, one in _known.items() if one.folder)


def problems_of(names: Iterable[str]) -> tuple[Problem, ...]:
    """The problems among these workloads, each once."""
    return tuple(_known[name].problem for name in dict.fromkeys(names) if name in _known)
