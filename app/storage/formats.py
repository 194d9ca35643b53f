"""Records as CSV and JSON, lines of text as Markdown: what every table that leaves here is written by."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

Cell = str | int | float | None


def csv_of(columns: Sequence[str], records: Iterable[Mapping[str, Cell]]) -> str:
    """RFC 4180 with a header line; empty cells where there is no value."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns, lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: safe(cell) for name, cell in record.items()})
    return out.getvalue()


def safe(cell: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula, quoted as OWASP advises (CSV injection)."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + cell
    return cell


def json_of(objects: object) -> str:
    """JSON text for other programs, which people can read too."""
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode() + "\n"


def markdown_of(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table; a bar within a cell is no end of it."""
    rows = [heads, ["---"] * len(heads), *lines]
    cells = ([cell.replace("|", r"\|") for cell in row] for row in rows)
    return "".join(f"| {' | '.join(row)} |\n" for row in cells)
