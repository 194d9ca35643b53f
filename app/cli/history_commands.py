"""The commands below ``history``."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="What was run before: every run is kept in your data folder. Without a command: the newest.",
    epilog="Examples:  kernelscope history  |  kernelscope history search llvmpipe matmul  |  "
    "kernelscope history trend u8-dot4 4096",
    invoke_without_command=True,
    rich_markup_mode=None,
)
Id = Annotated[int, typer.Argument(help="A session's number, as list shows it.")]
Json = Annotated[bool, typer.Option("--json", help="Everything, as JSON.")]
Most = Annotated[int, typer.Option("--most", min=-1, help="How many; -1 for all.")]


@app.callback()
def _list_unless_told(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_()


@app.command("list", epilog="Example:  kernelscope history list --most 5")
def list_(most: Most = 30, json: Json = False) -> None:
    """The newest sessions."""
    from app.cli.history import print_list

    print_list("", most, json)


@app.command(epilog="Example:  kernelscope history search llvmpipe matmul")
def search(
    words: Annotated[list[str], typer.Argument(help="Parts of targets, workloads, labels, notes, dates.")],
    most: Most = 30,
    json: Json = False,
) -> None:
    """Sessions in which every word occurs."""
    from app.cli.history import print_list

    print_list(" ".join(words), most, json)


@app.command(epilog="Example:  kernelscope history label 12 'before the driver update'")
def label(id: Id, text: Annotated[str, typer.Argument(help="The name; empty for none.")]) -> None:
    """Name a session."""
    from app.storage.history import History

    History().label(id, text)


@app.command(epilog="Example:  kernelscope history note 12 'the laptop was on battery'")
def note(id: Id, text: Annotated[str, typer.Argument(help="The note; empty for none.")]) -> None:
    """Write something down about a session."""
    from app.storage.history import History

    History().note(id, text)


@app.command(epilog="Example:  kernelscope history delete 12")
def delete(id: Id) -> None:
    """Forget a session; a file that it was saved to stays."""
    from app.storage.history import History

    History().delete(id)


@app.command(epilog="Example:  kernelscope history export 12 old.kernelscope.json")
def export(id: Id, path: Annotated[Path, typer.Argument(help="The file; .json or .json.gz.")]) -> None:
    """Write a session to a file, for compare, rerun and open."""
    from app.cli.history import export as write

    write(id, path)


@app.command(epilog="Example:  kernelscope history trend u8-dot4 4096 --target 'llvmpipe*'")
def trend(
    variant: Annotated[str, typer.Argument(help="The variant's name.")],
    size: Annotated[str, typer.Argument(help="512 (square) or 32768x2048.")],
    workload: Annotated[str, typer.Option(help="The workload it belongs to.")] = "matvec",
    target: Annotated[str, typer.Option(help="A target's id or a glob pattern.")] = "*",
    margin: Annotated[float, typer.Option(min=0, max=100, help="Percent that count as no change.")] = 2.0,
    json: Json = False,
) -> None:
    """One case over time, with a mark where it changed beyond noise."""
    from app.cli.history import print_trend
    from app.workloads import workloads

    known = workloads().get(workload)
    shape = str(known.shape(size)) if known else size
    print_trend(workload, variant, shape, target, margin / 100, json)
