"""Texts of the user's own on the command line: read from a file, or brought by a session."""

from pathlib import Path

from app.catalog.index import variants
from app.cli.output import remark
from app.cli.show import find_variant, parameters_from
from app.core.edit import Edit, check_name, edited
from app.core.errors import KernelscopeError
from app.core.session import Session
from app.problems import registry
from app.storage.texts import read_kernel


def read_edit(path: Path, like: str, workload: str, name: str, settings: list[str]) -> Edit:
    """The kernel in ``path`` as an edit of ``like`` with the parameters that ``show`` prints it with.

    Raises:
        KernelscopeError: it cannot be read, or is none that could run in the place of ``like``.
    """
    original = find_variant(like, workload)
    if original.runtime.about.peer:
        raise KernelscopeError(f"{like}: only WGSL and WebAssembly kernels run from a file")
    text = read_kernel(path)
    name = name or f"{original.name}+{path.name.split('.')[0]}"
    check_name(name, {v.name for v in variants() if v.workload == workload})
    edit = Edit(
        workload=workload,
        runtime=original.runtime,
        name=name,
        like=original.name,
        text=text,
        parameters=parameters_from(original, settings),
    )
    edited(edit, original)
    return edit


def read_edits(paths: list[Path], like: str, workload: str, name: str, settings: list[str]) -> list[Edit]:
    """The kernels in ``paths``, each as ``read_edit`` has it.

    Raises:
        KernelscopeError: as ``read_edit``, or two of them would have one name.
    """
    edits = [read_edit(path, like, workload, name, settings) for path in paths]
    for i, edit in enumerate(edits):
        check_name(edit.name, [other.name for other in edits[:i]])
    return edits


def print_edits(session: Session) -> None:
    """The texts that came with a session, for somebody who has to decide whether to run them."""
    for problem in session.plan.problems:
        for kernel in problem.kernels if problem.name not in registry.opened_here() else ():
            remark(f"--- {kernel.file} of the problem {problem.name}:")
            for line in kernel.text.splitlines():
                remark(line)
    for edit in session.plan.edits:
        remark(f"--- {edit.runtime.value}/{edit.name}, made from {edit.like}:")
        for line in edit.text.splitlines():
            remark(line)
