"""``compare --hardware``: who has which feature and limit."""

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.table import Table

from app.cli.hardware import MARKS, console
from app.core import units
from app.core.session import Session
from app.core.target import Target

ABSENT = units.NO_VALUE


def print_matrix(sessions: Sequence[tuple[str, Session]], as_json: bool) -> None:
    """A line per feature and limit, a column per target of every session."""
    columns = [(_title(name, target, sessions), target) for name, s in sessions for target in s.targets]
    features = dict.fromkeys((f.group, f.name) for _, target in columns for f in target.features)
    limits = dict.fromkeys(limit for _, target in columns for limit in target.limits)
    if as_json:
        print(_json(columns, [name for _, name in features], list(limits)))
        return
    for group in dict.fromkeys(group for group, _ in features):
        own = [(title, target) for title, target in columns if any(f.group == group for f in target.features)]
        lines = [(n, [_state(t, n) for _, t in own]) for g, n in features if g == group]
        _print(group, [title for title, _ in own], lines)
    own = [(title, target) for title, target in columns if target.limits]
    if own:
        lines = [(name, [_limit(name, t.limits.get(name)) for _, t in own]) for name in limits]
        _print("limits", [title for title, _ in own], lines)


def _title(name: str, target: Target, sessions: Sequence[tuple[str, Session]]) -> str:
    return f"{name}: {target.label}" if len(sessions) > 1 else target.label


def _print(title: str, headings: list[str], lines: list[tuple[str, list[str]]]) -> None:
    """What differs comes first: that is what the matrix is for."""
    table = Table(box=None, pad_edge=False)
    table.add_column(title, no_wrap=True)
    for heading in headings:
        table.add_column(heading)
    for name, cells in sorted(lines, key=lambda line: len(set(line[1])) == 1):
        table.add_row(name, *cells)
    console().print(table)
    print()


def _state(target: Target, name: str) -> str:
    return next((MARKS[f.state] for f in target.features if f.name == name), ABSENT)


def _limit(name: str, value: int | None) -> str:
    if value is None:
        return ABSENT
    return units.bytes_(value) if name.lower().endswith("size") else str(value)


def _json(columns: Sequence[tuple[str, Target]], features: list[str], limits: list[str]) -> str:
    objects: list[dict[str, Any]] = [
        {
            "column": title,
            "target": target.id,
            "features": {f.name: f.state.value for f in target.features if f.name in features},
            "limits": {name: target.limits[name] for name in limits if name in target.limits},
        }
        for title, target in columns
    ]
    return msgspec.json.format(msgspec.json.encode(objects), indent=2).decode()
