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


@app.command(epilog="Example:  kernelscope problem draft shader.wgsl mine")
def draft(
    file: Annotated[
        Path, typer.Argument(help=("A kernel, or a page, script or log with one in it; - reads stdin."))
    ],
    folder: Annotated[Path, typer.Argument(help="A new folder, called as the problem.")],
) -> None:
    """Begin a problem from a kernel's text: bindings are read, what it does not tell is yours to fill in."""
    from app.cli.problem import draft_problem

    draft_problem(file, folder)


@app.command(epilog="Example:  kernelscope problem save mine --kernel mine.wgsl --like f32 --size 512")
def save(
    folder: Annotated[Path, typer.Argument(help="A new folder, called as the problem.")],
    kernel: Annotated[Path, typer.Option(help="A kernel of your own (WGSL, WAT, Wasm).")],
    like: Annotated[str, typer.Option(help="The variant that it was made from; see: kernelscope show.")],
    workload: Annotated[str, typer.Option(help="The workload it belongs to.")] = "matvec",
    problem: Problems = None,
    name: Annotated[str, typer.Option(help="What to call it. [the variant's name and the file's]")] = "",
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter that it was written for; may repeat."),
    ] = None,
    size: Annotated[str, typer.Option(help="The size that it is kept with. [the smallest]")] = "",
) -> None:
    """Keep a kernel of your own as a problem, with the one it was made from and all that they are given."""
    from app.cli.problem import save_problem

    workload = (opened(problem) or [workload])[0]
    save_problem(folder, kernel, like, workload, name, set or [], size)


@app.command("import", epilog="Example:  kernelscope problem import ai.onnx.Add add")
def import_(
    package: Annotated[
        Path, typer.Argument(help=("A folder with manifest.json, test.json, bench.json, *.wgsl.jinja."))
    ],
    folder: Annotated[Path, typer.Argument(help="A new folder, called as the problem.")],
) -> None:
    """Take in a kernel package of others: tests become answers, cases sizes; what is left out is named."""
    from app.cli.problem import import_problem

    import_problem(package, folder)
