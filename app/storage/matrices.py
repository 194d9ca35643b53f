"""The hardware matrix as text, Markdown and JSON."""

from collections.abc import Sequence
from itertools import groupby

from app.core.foreign import as_line
from app.figures import units
from app.findings.matrix import Column, Line
from app.storage.formats import json_of, markdown_of


def matrix_text(columns: Sequence[Column], lines: Sequence[Line]) -> str:
    """Aligned by spaces, a heading for each group; lines in which targets differ begin with a mark."""
    cells = [_cells(line) for line in lines]
    heads = ["", "", *(as_line(column.title) for column in columns)]
    widths = [max(map(len, own)) for own in zip(heads, *cells, strict=True)]
    found = [_aligned(heads, widths)]
    for group, own in groupby(zip(lines, cells, strict=True), key=lambda pair: pair[0].group):
        found += ["", f"{as_line(group)}:"]
        found += [f"{'≠' if line.differs else ' '} {_aligned(texts, widths)}" for line, texts in own]
    return "\n".join(found).replace("\n\n", "\n", 1) + "\n"


def _aligned(texts: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(text.ljust(width) for text, width in zip(texts, widths, strict=True)).rstrip()


def _cells(line: Line) -> list[str]:
    return [*map(as_line, (line.name, line.default, *(cell.text or units.NO_VALUE for cell in line.cells)))]


def matrix_markdown(columns: Sequence[Column], lines: Sequence[Line]) -> str:
    """A table per group."""
    heads = ["default", *(column.title for column in columns)]
    groups = groupby(lines, key=lambda line: line.group)
    return "\n".join(markdown_of([group, *heads], map(_cells, own)) for group, own in groups)


def matrix_json(columns: Sequence[Column], lines: Sequence[Line]) -> str:
    """An object per column, with what of it stands in ``lines``: states by feature, values by limit."""
    objects = [
        {
            "column": column.title,
            "target": column.target.id,
            "features": {line.name: cell.text for line, cell in own if cell.state},
            "limits": {line.name: cell.value for line, cell in own if cell.value is not None},
        }
        for i, column in enumerate(columns)
        for own in [[(line, line.cells[i]) for line in lines]]
    ]
    return json_of(objects)
