"""A problem's folder: ``problem.toml`` with the files that it names, read whole and bounded."""

from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import structs

from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelscopeError
from app.core.problem import Kernel, Problem, Reference
from app.problems.check import faults
from app.problems.reference import LARGEST_STORED, load_arrays
from app.problems.registry import Opened, open_folder
from app.storage.texts import read_kernel
from app.system import read_regular
from app.workloads import catalogue

FILE = "problem.toml"
LARGEST_FILE = 1 << 20
"""Bytes of problem.toml."""


def open_problem(path: Path) -> Opened:
    """The problem in a folder that the user named, known by its name from here on.

    Raises:
        KernelscopeError: with the first fault, and how many more there are.
    """
    problem, wrong = read_problem(path)
    if problem is None or wrong:
        more = f" (and {len(wrong) - 1} more: kernelscope problem check {path})" if len(wrong) > 1 else ""
        raise KernelscopeError(f"{folder_of(path) / FILE}: {wrong[0]}{more}")
    return open_folder(problem, folder_of(path).resolve())


def folder_of(path: Path) -> Path:
    """The folder that ``path`` names: itself, or that of its problem.toml."""
    return path.parent if path.name == FILE and not path.is_dir() else path


def read_problem(path: Path) -> tuple[Problem | None, list[str]]:
    """What the folder holds, with texts and digests filled in, and each fault of it in a line."""
    folder = folder_of(path)
    try:
        raw = _read(folder / FILE, LARGEST_FILE)
        problem = msgspec.toml.decode(raw, type=Problem)
    except OSError as error:
        hint = "" if folder.is_dir() else f"; kernelscope problem new {folder.name} writes an example"
        return None, [f"cannot be read ({error.strerror or error}){hint}"]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        return None, [" ".join(str(error).split())]
    wrong: list[str] = []
    problem = structs.replace(
        problem,
        kernels=tuple(_kernel(folder, kernel, wrong) for kernel in problem.kernels),
        reference=_reference(folder, problem.reference, wrong),
    )
    try:
        wrong += faults(problem, catalogue())
    except KernelscopeError as error:
        wrong.append(str(error))
    return problem, wrong


def _read(path: Path, most: int) -> bytes:
    raw = read_regular(path, most)
    if len(raw) > most:
        raise OSError(f"it has more than {most} bytes")
    return raw


def _inside(folder: Path, file: str) -> Path:
    """A file of the folder's own: what leads out of it is none."""
    path = folder / file
    if Path(file).name != file or path.resolve().parent != folder.resolve():
        raise OSError("it lies outside the problem's folder")
    return path


def _kernel(folder: Path, kernel: Kernel, wrong: list[str]) -> Kernel:
    try:
        text = read_kernel(_inside(folder, kernel.file))
    except OSError as error:
        wrong.append(f"[[kernels]] {kernel.file}: cannot be read ({error.strerror or error})")
        return structs.replace(kernel, text="")
    except KernelscopeError as error:
        wrong.append(f"[[kernels]] {error}")
        return structs.replace(kernel, text="")
    if not text.strip():
        wrong.append(f"[[kernels]] {kernel.file}: it is empty")
    return structs.replace(kernel, text=text)


def _reference(folder: Path, reference: Reference, wrong: list[str]) -> Reference:
    text, digests = "", {}
    try:
        if reference.python:
            raw = _read(_inside(folder, reference.python), LONGEST_TEXT)
            text, digests[reference.python] = raw.decode("utf-8-sig"), sha256(raw).hexdigest()
        for one in reference.stored:
            raw = _read(_inside(folder, one.file), LARGEST_STORED)
            digests[one.file] = sha256(raw).hexdigest()
            load_arrays(raw, one.file)
    except (OSError, UnicodeDecodeError) as error:
        wrong.append(f"[reference]: its file cannot be read ({getattr(error, 'strerror', None) or error})")
    except KernelscopeError as error:
        wrong.append(f"[reference]: {error}")
    return structs.replace(reference, text=text, digests=digests)
