"""The sheet that files are made of: its legend names all that is drawn, on the sheet and beside the plot."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QFontMetricsF

from app.charts.picture import Lines, Picture
from app.gui.charts.export import export_picture
from app.gui.charts.paper import HEIGHT, WIDTH
from app.gui.charts.sheet import MARGIN, font
from tests.charts.scenes import FILLED, draw

SVG = "{http://www.w3.org/2000/svg}"
ROOM = 20
"""Pixels behind the longest entry, whose type may be bold: with more, the others stand in the plot."""

PICTURES = {mode: draw(FILLED[mode](), mode) for mode in FILLED}
SHOWN = [mode for mode, picture in PICTURES.items() if picture.keys and not picture.named]

Placed = tuple[str, float, float, float]
"""A text with its left, its right and its baseline."""


def placed(picture: Picture, path: Path) -> list[Placed]:
    """The upright texts of a picture's file."""
    export_picture(picture, path)
    found = []
    for group in ElementTree.parse(path).getroot().iter(f"{SVG}g"):
        moved = re.fullmatch(
            r"matrix\(1,0,0,1,([^,]+),([^,]+)\)", group.get("transform", "matrix(1,0,0,1,0,0)")
        )
        for text in group.findall(f"{SVG}text") if moved else ():
            left, base = (
                float(text.get(name, "0")) + float(by) for name, by in zip("xy", moved.groups(), strict=True)
            )
            metrics = QFontMetricsF(font(float(text.get("font-size") or group.get("font-size", "12"))))
            found.append((text.text or "", left, left + metrics.horizontalAdvance(text.text or ""), base))
    return found


@pytest.mark.parametrize("mode", SHOWN)
def test_a_legend_is_on_the_sheet_and_beside_the_plot(qtbot: Any, mode: str, tmp_path: Path) -> None:
    picture = PICTURES[mode]
    names = {variant for _, variant in picture.keys}
    known = names | set(picture.labels.values())
    legend = [one for one in placed(picture, tmp_path / "a.svg") if one[0] in known and one[1] > WIDTH / 2]
    assert {text for text, *_ in legend} >= names
    assert all(MARGIN < base < HEIGHT - MARGIN for *_, base in legend)
    assert WIDTH - MARGIN - ROOM <= max(right for _, _, right, _ in legend) <= WIDTH - MARGIN
    assert len({base for *_, base in legend}) == len(legend), "each on a line of its own"


def test_columns_of_a_long_legend_stand_beside_each_other(qtbot: Any, tmp_path: Path) -> None:
    few = replace(PICTURES["size"], named=False)
    assert isinstance(few, Lines)
    target = few.keys[0][0]
    names = tuple(f"variant {number}" for number in range(100))
    curves = tuple(replace(few.curves[0], key=(target, name)) for name in names)
    picture = replace(few, curves=curves, targets=(target,), variants=names)
    columns: dict[float, list[Placed]] = {}
    for one in placed(picture, tmp_path / "a.svg"):
        if one[0] in names:
            columns.setdefault(one[1], []).append(one)
    assert sorted(text for own in columns.values() for text, *_ in own) == sorted(names)
    assert len(columns) > 1
    edge = WIDTH / 2
    for left, own in sorted(columns.items()):
        assert left > edge
        edge = max(right for _, _, right, _ in own)
        heights = [base for *_, base in own]
        assert heights == sorted(set(heights))
        assert max(heights) < HEIGHT - MARGIN
    assert WIDTH - MARGIN - 2 * ROOM <= edge <= WIDTH - MARGIN, "in smaller type there is more room"
    assert WIDTH - MARGIN - min(columns) < WIDTH / 5, "a legend takes less than a fifth"
