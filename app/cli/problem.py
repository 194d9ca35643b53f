"""``problem``: write an example, say what is wrong with a folder."""

from pathlib import Path
from shlex import quote

from app.cli.output import say
from app.core.errors import KernelscopeError
from app.problems.arrays import array_shape, sizes_of
from app.problems.workload import default_shapes
from app.storage.problem_files import write_example
from app.storage.problems import FILE, folder_of, read_problem


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
