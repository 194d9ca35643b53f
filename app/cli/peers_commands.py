"""``peers list``, ``install`` and ``remove``, with their options."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    help="The libraries that kernels stand beside (run --plan peers).",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Names = Annotated[
    list[str] | None,
    typer.Argument(metavar="[LIBRARY]...", help="Which; all that pages use where none is named."),
]


@app.command("list", epilog="Example:  kernelscope peers list")
def list_(json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False) -> None:
    """List every library, whether it is here, and how it comes."""
    from app.cli.peers import list_peers

    list_peers(json)


@app.command(
    epilog="Examples:  kernelscope peers install  |  kernelscope peers install tfjs --from ~/packages"
)
def install(
    libraries: Names = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", help="A folder with npm's archives or node_modules, instead of asking npm."),
    ] = None,
) -> None:
    """Bring libraries for browsers: pinned packages by their hashes, only the files that are needed."""
    from app.cli.peers import install_peers

    install_peers(libraries or [], source)


@app.command(epilog="Example:  kernelscope peers remove tfjs")
def remove(libraries: Names = None) -> None:
    """Take them away again."""
    from app.cli.peers import remove_peers

    remove_peers(libraries or [])
