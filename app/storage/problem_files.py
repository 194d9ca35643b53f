"""Writing a problem's folder: the worked example, or one made of a text."""

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from app.core.errors import KernelscopeError, UsageError
from app.problems.check import PROBLEM_NAME
from app.problems.reflect import Draft
from app.problems.toml import written
from app.storage.files import write_atomically
from app.workloads import catalogue

EXAMPLE = files("resources") / "problem"
EXAMPLE_FILES = ("problem.toml", "reference.py", "simple.wgsl", "many.wgsl", "simple.wat", "simd.wat")


def check_problem_name(name: str) -> None:
    """Refuse what no problem can be called.

    Raises:
        UsageError: saying what it may be.
    """
    if not PROBLEM_NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a problem: use up to 40 small letters, digits and . _ -, and "
            "begin with a letter"
        )
    if name in catalogue():
        raise UsageError(f"{name!r} is a workload of Kernelscope: use another name")


def write_example(folder: Path) -> list[str]:
    """Write the worked example into a new folder, called as it; the files written.

    Raises:
        KernelscopeError: as ``write_problem``.
    """
    name = folder.resolve().name
    texts = {file: (EXAMPLE / file).read_text("utf-8") for file in EXAMPLE_FILES}
    texts["problem.toml"] = texts["problem.toml"].replace('"NAME"', f'"{name}"')
    return write_problem(folder, name, texts)


def write_draft(folder: Path, draft: Draft) -> list[str]:
    """Write a draft into a new folder; the files written.

    Raises:
        KernelscopeError: as ``write_problem``.
    """
    texts = {"problem.toml": written(draft.problem, draft.remarks), **draft.files}
    return write_problem(folder, draft.problem.name, texts)


def write_problem(folder: Path, name: str, texts: Mapping[str, str | bytes]) -> list[str]:
    """Write files into a folder that is not there yet, or is empty; their names.

    Raises:
        KernelscopeError: it holds something, the name is none, or it cannot be written.
    """
    check_problem_name(name)
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise KernelscopeError(f"{folder} holds something already: name a new folder")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KernelscopeError(f"{folder}: cannot be written ({error.strerror or error})") from error
    for file, text in texts.items():
        write_atomically(folder / file, text.encode() if isinstance(text, str) else text)
    return list(texts)
