"""The commands below ``problem``, and the option that opens one."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="Problems of your own: a folder with a problem.toml, kernels and a reference.",
    epilog="Examples:  kernelscope problem new mine  |  kernelscope problem check mine  |  "
    "kernelscope run --problem mine",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Problems = Annotated[
    list[Path] | None,
    typer.Option(
        "--problem", metavar="DIR", help="The folder of a problem of your own (see: problem new); may repeat."
    ),
]


def opened(folders: list[Path] | None) -> list[str]:
    """Open the problems in these folders; what they are called as workloads.

    Raises:
        KernelscopeError: there is none, or it has a fault.
    """
    if not folders:
        return []
    from app.storage.problems import open_problem

    return [open_problem(folder).problem.name for folder in folders]


@app.command(epilog="Example:  kernelscope problem new mine")
def new(name: Annotated[Path, typer.Argument(help="A new folder, called as the problem.")]) -> None:
    """Write a worked example (saxpy), with every field explained."""
    from app.cli.problem import new_problem

    new_problem(name)


@app.command(epilog="Example:  kernelscope problem check mine.  Exit code: 0 all well, 1 faults")
def check(folder: Annotated[Path, typer.Argument(help="The problem's folder.")]) -> None:
    """Say what is wrong with a problem, a line for each fault."""
    from app.cli.problem import check_problem

    raise typer.Exit(check_problem(folder))
