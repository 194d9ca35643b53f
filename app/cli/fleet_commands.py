"""The commands of a fleet: its keys, its scheduler, its workers, and what they are doing."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Keys

app = typer.Typer(
    rich_markup_mode=None,
    help="One plan on many machines. Whoever may connect runs code on each of them: keep the keys.",
    no_args_is_help=True,
)


@app.command(
    epilog="Example:  kernelscope fleet keys lab-keys  makes lab-keys/scheduler, lab-keys/worker and "
    "lab-keys/client: copy each to where it is used, and keep ca.key to yourself."
)
def keys(
    folder: Annotated[Path, typer.Argument(help="Where the fleet's authority and keys are, or shall be.")],
    names: Annotated[
        list[str] | None, typer.Argument(help="Whom to make keys for. [scheduler worker client]")
    ] = None,
) -> None:
    """Make the authority of a fleet and keys for its members. Whoever has keys runs code on its machines."""
    from app.cli.fleet import make_keys_command

    make_keys_command(folder, names or ())


@app.command(
    epilog="Examples:  kernelscope fleet scheduler  |  "
    "kernelscope fleet scheduler --host 0.0.0.0 --keys lab-keys/scheduler"
)
def scheduler(
    host: Annotated[str, typer.Option(help="The address to listen at; other than loopback needs keys.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=1, max=65535, help="Its port.")] = 8786,
    keys: Keys = None,
) -> None:
    """Run the scheduler of a fleet, until Ctrl-C. Whoever may connect to it runs code on every machine."""
    from app.cli.fleet import scheduler_command

    scheduler_command(host, port, keys)


@app.command(
    epilog="Examples:  kernelscope fleet worker 127.0.0.1  |  "
    "kernelscope fleet worker lab-7:8786 --keys lab-keys/worker --name rtx4090"
)
def worker(
    address: Annotated[str, typer.Argument(help="The scheduler: HOST:PORT.")],
    name: Annotated[str | None, typer.Option(help="What this machine is called. [its host name]")] = None,
    keys: Keys = None,
    target: Annotated[
        list[str] | None, typer.Option(help="The targets that it offers: ids, engines, patterns. [all]")
    ] = None,
    allow_edits: Annotated[
        bool, typer.Option("--allow-edits", help="Run kernel texts of users' own, not only the catalogue's.")
    ] = False,
) -> None:
    """Have this machine measure for a fleet, until Ctrl-C: one thing at a time, and as who started it."""
    from app.cli.fleet import worker_command

    worker_command(address, name, keys, allow_edits, target or ())


@app.command(epilog="Example:  kernelscope fleet machines lab-7 --keys lab-keys/client")
def machines(
    address: Annotated[str, typer.Argument(help="The scheduler: HOST:PORT.")],
    keys: Keys = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """List the machines of a fleet, what they have and what they are doing."""
    from app.cli.fleet import machines_command

    machines_command(address, keys, json)


@app.command(epilog="Example:  kernelscope fleet runs lab-7 --keys lab-keys/client")
def runs(
    address: Annotated[str, typer.Argument(help="The scheduler: HOST:PORT.")],
    keys: Keys = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """List the runs that machines remember; run --fleet ADDRESS --resume RUN goes on with one."""
    from app.cli.fleet import runs_command

    runs_command(address, keys, json)
