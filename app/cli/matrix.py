"""``compare --hardware``: who has which feature and limit."""

from collections.abc import Sequence
from itertools import groupby

from app.cli.hardware import MARKS
from app.cli.output import plain_table, print_table, say, say_text
from app.core.session import Session
from app.figures import units
from app.findings.matrix import Cell, Line, LineKind, columns, matrix
from app.storage.matrices import matrix_json


def print_matrix(sessions: Sequence[tuple[str, Session]], as_json: bool) -> None:
    """A line per feature and limit, a column per target of every session that has any of the group."""
    shown = columns(sessions)
    lines = [line for line in matrix(shown) if line.kind is not LineKind.FACT]
    if as_json:
        say_text(matrix_json(shown, lines))
        return
    for group, found in groupby(lines, key=lambda line: line.group):
        own = list(found)
        some = [i for i in range(len(shown)) if any(line.cells[i].text for line in own)]
        _print(group, [shown[i].title for i in some], own, some)


def _print(title: str, headings: list[str], lines: list[Line], places: list[int]) -> None:
    """What differs comes first: that is what the matrix is for."""
    table = plain_table(title)
    for heading in headings:
        table.add_column(heading)
    for line in sorted(lines, key=lambda line: len({line.cells[i].text for i in places}) == 1):
        table.add_row(line.name, *(_text(line.cells[i]) for i in places))
    print_table(table)
    say()


def _text(cell: Cell) -> str:
    return MARKS[cell.state] if cell.state else cell.text or units.NO_VALUE
