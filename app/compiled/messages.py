"""What goes to the processes that compile, and what comes back: JSON, a line for each."""

from msgspec import Struct

from app.core.code import Code
from app.core.problem import Problem


class Job(Struct, frozen=True):
    """A kernel to compile: a variant of the catalogue with its parameters, or a ``text`` in its place.

    ``sizes`` are those of the shape that the operands are laid out for.
    """

    workload: str
    variant: str
    runtime: str
    parameters: dict[str, int | str]
    sizes: tuple[int, ...]
    text: str = ""


class Stage(Struct, frozen=True):
    """One function as a driver gets it: its SPIR-V, and the kinds of its bindings in order."""

    entry: str
    kinds: tuple[str, ...]
    spirv: bytes


class Task(Struct, frozen=True):
    """What a process has to do, in order; ``stages`` are those of each job, for what begins with SPIR-V.

    ``target`` and ``label`` are what its codes are called, ``absent`` as in ``Code``; ``texts`` asks for
    theirs. ``problems`` are those of the user's own that jobs are of.
    """

    jobs: tuple[Job, ...]
    stages: tuple[tuple[Stage, ...], ...] = ()
    target: str = ""
    label: str = ""
    absent: bool = False
    texts: bool = False
    problems: tuple[Problem, ...] = ()


class Answer(Struct, frozen=True):
    """What became of one job: its codes or its stages, or why there are none."""

    codes: tuple[Code, ...] = ()
    stages: tuple[Stage, ...] = ()
    reason: str = ""
