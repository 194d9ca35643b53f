"""Trained weights on the command line: said with size and licence before anything is fetched."""

import typer

from app.cli.output import say
from app.core.errors import UsageError
from app.figures import units
from app.machine.weights import KNOWN, Known, fetch, known, path_of, remove


def weights_command(what: str, name: str, yes: bool) -> None:
    """List, fetch or remove.

    Raises:
        UsageError: it is none of these.
        KernelscopeError: there are no such weights, or they cannot be fetched.
    """
    if what == "list":
        for one in KNOWN:
            say(_line(one))
        return
    if what not in ("fetch", "remove"):
        raise UsageError(f"weights {what[:40]!r}: say list, fetch or remove")
    one = known(name)
    if what == "remove":
        say(f"{one.name}: removed" if remove(one) else f"{one.name}: not there")
        return
    say(_line(one))
    if yes or typer.confirm("Fetch it?"):
        say(f"{one.name}: {fetch(one)}")


def _line(one: Known) -> str:
    there = "here" if path_of(one).is_file() else f"not here, a download of {units.bytes_(one.download)}"
    return (
        f"{one.name}: {one.source}, {one.licence}, {units.bytes_(one.bytes)}, "
        f"from {one.package} {one.version}; {there}"
    )
