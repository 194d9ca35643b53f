"""All commands; their options stand in modules by what they are about."""

import ast
import inspect
import sys
from typing import Annotated

import typer

from app import __version__
from app.cli.fleet_commands import app as fleet
from app.cli.history_commands import app as history
from app.cli.machine_commands import app as machine
from app.cli.peers_commands import app as peers
from app.cli.problem_commands import app as problem
from app.cli.run_commands import app as measuring
from app.cli.session_commands import app as sessions

app = typer.Typer(
    name="kernelscope",
    help="Which WebGPU or WebAssembly feature makes this kernel faster here, "
    "by how much, and how sure is that?\n\n"
    "Without a command: the window; without a display: the quick plan into kernelscope-results/.",
    epilog="Examples:  kernelscope hardware  |  kernelscope run --target 'llvmpipe*' --sizes 512,1024  |  "
    "kernelscope show u8-dot4",
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _docstrings(group: typer.Typer) -> None:
    """Read the help of the commands from their texts, for ``python -OO`` has dropped their docstrings."""
    for command in group.registered_commands:
        function = command.callback
        if function and not command.help:
            text = inspect.getsource(sys.modules[function.__module__])
            named = (node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef))
            command.help = next(
                (ast.get_docstring(node) for node in named if node.name == function.__name__), None
            )


PLAIN = (machine, measuring, sessions)
NAMED = {"fleet": fleet, "history": history, "peers": peers, "problem": problem}

if sys.flags.optimize > 1:
    for group in (*PLAIN, *NAMED.values()):
        _docstrings(group)
for group in PLAIN:
    app.add_typer(group)
for name, group in NAMED.items():
    app.add_typer(group, name=name)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kernelscope {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass
