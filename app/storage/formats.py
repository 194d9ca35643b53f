"""Records as CSV and JSON, lines of text as Markdown: what every table that leaves here is written by."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from app.core.foreign import ascii_json, markdown, spreadsheet

Cell = str | int | float | None


def csv_of(columns: Sequence[str], records: Iterable[Mapping[str, Cell]]) -> str:
    """RFC 4180 with a header line; empty cells where there is no value, and no formula in any."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=columns, lineterminator="\r\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: spreadsheet(c) if isinstance(c, str) else c for name, c in record.items()})
    return out.getvalue()


def json_of(objects: object) -> str:
    """JSON text for other programs, which people can read too."""
    return ascii_json(msgspec.json.format(msgspec.json.encode(objects), indent=2).decode()) + "\n"


def markdown_of(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table; whatever is in a cell is text."""
    rows = [list(map(markdown, heads)), ["---"] * len(heads), *(map(markdown, line) for line in lines)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
