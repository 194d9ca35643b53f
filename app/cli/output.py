"""How commands print: lines and tables in which foreign text is text and which no pipe cuts, and JSON.

Nothing else in this room writes to the terminal, so nothing reaches it unfiltered.
"""

import os
import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.core.foreign import as_line, visible
from app.storage.formats import json_of

WHOLE = 1 << 20
"""Columns of what is no terminal: as many as any line needs."""


def say(text: str = "") -> None:
    """Print one line."""
    print(as_line(text))


def say_text(text: str) -> None:
    """Print a text of several lines, which brings its own line breaks."""
    print(visible(text), end="")


def remark(text: str, end: str = "\n") -> None:
    """Print one line beside the results, on stderr; where that takes no more, results come without."""
    try:
        print(as_line(text), end=end, file=sys.stderr, flush=True)
    except BrokenPipeError:
        raise  # a reader that has seen enough wants no results either
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def console(stderr: bool = False) -> Console:
    """A console that takes no text for markup, and on stdout never wraps or cuts what a pipe carries on."""
    width = None if stderr or sys.stdout.isatty() else WHOLE
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def print_table(table: Table) -> None:
    """Print ``table``; where it is not for a terminal, its title is one line as well."""
    if table.title and not sys.stdout.isatty():
        say(str(table.title))
        table.title = None
    console().print(table)


def print_json(value: object) -> None:
    """Print ``value`` for other programs, and so that people can read it too."""
    say_text(json_of(value))


class PlainTable(Table):
    """A table whose cells, headings, title and caption are text, each of one line."""

    def add_column(self, header: object = "", *args: object, **options: object) -> None:
        super().add_column(_cell(header), *args, **options)  # type: ignore[arg-type]

    def add_row(self, *cells: object, **options: object) -> None:
        super().add_row(*map(_cell, cells), **options)  # type: ignore[arg-type]


def _cell(cell: object) -> object:
    return Text(as_line(cell)) if isinstance(cell, str) else cell


def plain_table(
    *headings: str, right: tuple[str, ...] = (), title: str = "", caption: str = "", wrap: bool = False
) -> Table:
    """A table without lines, whose columns do not ``wrap``; those of ``right`` come last and hold figures."""
    table = PlainTable(
        title=Text(as_line(title), "table.title") if title else None,
        caption=Text(as_line(caption), "table.caption") if caption else None,
        title_justify="left",
        caption_justify="left",
        box=None,
        pad_edge=False,
    )
    for heading in headings:
        table.add_column(heading, no_wrap=not wrap)
    for heading in right:
        table.add_column(heading, justify="right", no_wrap=True)
    return table
