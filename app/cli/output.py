"""How commands print: plain tables that no pipe cuts, and JSON."""

import sys

from rich.console import Console
from rich.table import Table

from app.storage.formats import json_of

WHOLE = 1 << 20
"""Columns of what is no terminal: as many as any line needs."""


def console() -> Console:
    """A console for stdout that never wraps or cuts what a pipe or a file carries on."""
    return Console(width=None if sys.stdout.isatty() else WHOLE, highlight=False)


def print_table(table: Table) -> None:
    """Print ``table``; where it is not for a terminal, its title is one line as well."""
    if table.title and not sys.stdout.isatty():
        print(table.title)
        table.title = None
    console().print(table)


def print_json(value: object) -> None:
    """Print ``value`` for other programs, and so that people can read it too."""
    print(json_of(value), end="")


def plain_table(*headings: str, right: tuple[str, ...] = (), title: str | None = None) -> Table:
    """A table without lines, whose columns do not wrap; those of ``right`` come last and hold figures."""
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, no_wrap=True)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
