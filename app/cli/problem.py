"""``problem``: write an example, say what is wrong with a folder."""

import sys
from pathlib import Path
from shlex import quote

from app.catalog.choose import choose_workloads
from app.cli.edit import read_edit
from app.cli.output import say
from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelscopeError
from app.problems.arrays import array_shape, sizes_of
from app.problems.reflect import draft
from app.problems.workload import default_shapes
from app.storage.importing import import_package
from app.storage.problem_files import check_problem_name, write_draft, write_example, write_problem
from app.storage.problems import FILE, folder_of, read_problem
from app.storage.texts import read_kernel


def new_problem(path: Path) -> None:
    """Write the worked example as the folder ``path`` and say what to do with it.

    Raises:
        KernelscopeError: there is something already, its name is none, or it cannot be written.
    """
    written = write_example(path)
    shown = quote(str(path))
    say(f"wrote {path}: {', '.join(written)}")
    say(f"check it:  kernelscope problem check {shown}")
    say(f"run it:    kernelscope run --problem {shown}")


def check_problem(path: Path) -> int:
    """Print each fault of the folder in a line, or what it holds; the exit code."""
    problem, wrong = read_problem(path)
    for fault in wrong:
        say(f"{folder_of(path) / FILE}: {fault}")
    if wrong:
        return 1
    if problem is None:
        raise KernelscopeError(f"{path}: no problem")
    sizes = ", ".join(map(str, default_shapes(problem)))
    say(f"{problem.name}: {problem.title or 'no title'}; sizes {' x '.join(problem.sizes)}: {sizes}")
    largest = sizes_of(problem, default_shapes(problem)[-1])
    for one in problem.buffers:
        shape = "x".join(map(str, array_shape(one, largest)))
        say(f"  {one.role} {one.name}: {one.dtype} {shape}")
    from app.problems.variants import make_variants

    for variant in make_variants(problem):
        say(f"  {variant.runtime.value}/{variant.name}: {variant.summary}")
    return 0


def draft_problem(file: Path, folder: Path) -> None:
    """Write a draft made of the text in ``file`` and say what is left to do.

    Raises:
        KernelscopeError: no kernel is recognised there, or the folder cannot be written.
    """
    text = sys.stdin.read(LONGEST_TEXT + 1) if str(file) == "-" else read_kernel(file)
    found = draft(text, folder.resolve().name)
    written = write_draft(folder, found)
    say(f"wrote {folder}: {', '.join(written)}")
    for one in found.problem.buffers:
        say(f"  {one.role} {one.name}: {one.dtype}; say {found.remarks[one.name]}")
    say(f"then write the right answer in {folder / 'reference.py'}, and run it:")
    say(f"  kernelscope run --problem {quote(str(folder))}")


def save_problem(
    folder: Path, kernel: Path, like: str, workload: str, name: str, settings: list[str], size: str
) -> None:
    """Write the folder of a kernel that was made from a variant.

    Raises:
        KernelscopeError: as ``read_edit`` and ``edit_as_problem``, or the folder cannot be written.
    """
    from app.storage.as_problem import edit_as_problem

    edit = read_edit(kernel, like, workload, name, settings)
    problem = choose_workloads([workload])[0]
    shape = problem.shape(size) if size else problem.default_shapes[0]
    check_problem_name(folder.resolve().name)
    written = write_problem(
        folder, folder.resolve().name, edit_as_problem(edit, folder.resolve().name, shape)
    )
    say(f"wrote {folder}: {', '.join(written)}")
    say(f"run it:  kernelscope run --problem {quote(str(folder))}")


def import_problem(package: Path, folder: Path) -> None:
    """Write the folder of a package, and name what was not understood.

    Raises:
        KernelscopeError: it is no package, nothing of it is understood, or the folder cannot be written.
    """
    name = folder.resolve().name
    check_problem_name(name)
    found = import_package(package, name)
    written = write_problem(folder, name, found.files)
    say(f"wrote {folder}: {', '.join(written)}")
    for line in found.left_out:
        say(f"left out: {line}")
    say(f"run it:  kernelscope run --problem {quote(str(folder))}")
