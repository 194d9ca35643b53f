"""What stands below the hardware matrix of its selected line: states, reasons, and what they would unlock."""

from collections.abc import Sequence
from html import escape

from app.core.target import Feature, FeatureState
from app.core.variant import Variant
from app.findings.matrix import Column, Line, LineKind, unlocked
from app.gui.hardware.model import MEANINGS, STANDINGS
from app.gui.parts.theme import Colours

MOST_NAMED = 12
"""Variants of a workload that are named; the others are counted."""


def features_of(lines: Sequence[Line]) -> list[Feature]:
    """The features among the lines, for their tests."""
    return [
        Feature(line.name, FeatureState.UNKNOWN, group=line.group, probe=line.probe)
        for line in lines
        if line.kind is LineKind.FEATURE
    ]


def limits_of(lines: Sequence[Line]) -> dict[str, int]:
    """What all targets shown allow of each of WebGPU's limits among the lines."""
    found = {}
    for line in lines:
        values = [cell.value for cell in line.cells if cell.value]
        if line.kind is LineKind.LIMIT and line.default != "not in WebGPU" and len(values) == len(line.cells):
            found[line.name] = max(values) if line.name.startswith("min") else min(values)
    return found


def detail_html(
    line: Line,
    columns: Sequence[Column],
    variants: Sequence[Variant],
    languages: Sequence[str],
    colours: Colours,
) -> str:
    """Links read ``copy:LANGUAGE``, and ``variant:WORKLOAD/NAME,NAME`` for one or all of a workload."""
    muted = f"style='color:{colours.muted}'"
    about = " · ".join(filter(None, (line.group, line.default)))
    parts = [f"<b>{escape(line.name)}</b>&nbsp; <span {muted}>{escape(about)}</span>"]
    if line.use:
        parts.append(escape(line.use))
    parts += [f"<b>{escape(who)}</b>: {escape(what)}" for what, who in _states(line, columns).items()]
    if line.kind is LineKind.FEATURE:
        parts += _unlocks(line, columns, variants)
        needing = [v for v in variants if v.checked and line.name in v.requires]
        parts.append(_linked("Needed by ", needing) if needing else "No kernel here needs it.")
    if languages:
        links = " · ".join(f"<a href='copy:{name}'>{name}</a>" for name in languages)
        parts.append(f"Copy what tests for it: {links}")
    return "<br>".join(parts)


def _states(line: Line, columns: Sequence[Column]) -> dict[str, str]:
    """What is to be said, and of which targets."""
    found: dict[str, str] = {}
    for column, cell in zip(columns, line.cells, strict=True):
        if not cell.text:
            continue
        words = cell.text
        if cell.state:
            words += f", {cell.reason or MEANINGS[cell.state]}"
            words += f"; to unlock it: {cell.unlock}" if cell.unlock else ""
        elif cell.value is not None and cell.standing:
            exact = "" if cell.text == str(cell.value) or not cell.value else f" ({cell.value})"
            words += f"{exact}, {STANDINGS[cell.standing][1]}".removesuffix(", ")
        found[words] = f"{found[words]}, {column.title}" if words in found else column.title
    return found


def _unlocks(line: Line, columns: Sequence[Column], variants: Sequence[Variant]) -> list[str]:
    """What each target without it could then run, said once for those that agree."""
    found: dict[tuple[str, ...], list[Column]] = {}
    by_key = {f"{v.workload}/{v.name}": v for v in variants}
    for column, cell in zip(columns, line.cells, strict=True):
        if cell.state and not cell.state.usable:
            own = unlocked(line.name, column.target, variants)
            found.setdefault(tuple(f"{v.workload}/{v.name}" for v in own), []).append(column)
    return [
        _linked(
            f"<b>{escape(', '.join(column.title for column in own))}</b>: with it could also run ",
            [by_key[key] for key in keys],
        )
        for keys, own in found.items()
        if keys
    ]


def _linked(text: str, variants: Sequence[Variant]) -> str:
    """The variants by workload, each a link to the grid of variants."""
    parts = []
    for workload in dict.fromkeys(v.workload for v in variants):
        names = [v.name for v in variants if v.workload == workload]
        shown = [
            f"<a href='variant:{workload}/{escape(name)}'>{escape(name)}</a>" for name in names[:MOST_NAMED]
        ]
        if len(names) > MOST_NAMED:
            shown.append(f"{len(names) - MOST_NAMED} more")
        everything = escape(",".join(names))
        parts.append(f"<a href='variant:{workload}/{everything}'>{workload}</a>: {', '.join(shown)}")
    return text + "; ".join(parts)
