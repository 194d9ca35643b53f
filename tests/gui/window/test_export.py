"""The export dialog: a figure's size, theme, type and title, seen at once and remembered."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from app.charts.headline import headline
from app.gui.charts.export import picture_bytes
from app.gui.charts.paper import Paper
from app.gui.parts.memory import Memory
from app.gui.parts.theme import DARK, LIGHT
from app.gui.window.export_dialog import ExportDialog
from app.gui.window.figure_options import OWN, FigureOptions
from tests.charts.scenes import draw
from tests.gui.made import session

PICTURE = draw(session(), "size")


@pytest.fixture
def dialog(qtbot: Any, memory: Memory) -> ExportDialog:
    made = ExportDialog(PICTURE, None, [], frozenset(), memory)
    qtbot.addWidget(made)
    made.show()
    return made


def _seen(dialog: ExportDialog) -> QImage:
    return dialog._preview.pixmap().toImage()


def _choose(options: FigureOptions) -> None:
    options.size_box.setCurrentText("Square")
    options.size_box.activated.emit(options.size_box.currentIndex())
    options.theme_box.setCurrentIndex(1)
    options.type_box.setCurrentText("150 %")
    options.title_line.setText("A title of one's own & more")


def test_a_figure_is_seen_as_it_is_exported(
    qtbot: Any, dialog: ExportDialog, memory: Memory, tmp_path: Path
) -> None:
    first = _seen(dialog)
    assert first.width() / first.height() == pytest.approx(16 / 9, rel=0.01)
    assert first.pixelColor(1, 1).name() == LIGHT.base
    assert dialog.options.title_line.placeholderText() == headline(PICTURE)
    _choose(dialog.options)
    qtbot.waitUntil(lambda: _seen(dialog).width() == _seen(dialog).height())
    assert _seen(dialog).pixelColor(1, 1).name() == DARK.base
    dialog.write(tmp_path / "a.png")
    image = QImage(str(tmp_path / "a.png"))
    assert (image.width(), image.height()) == (1600, 1600)
    assert image.pixelColor(1, 1).name() == DARK.base
    dialog.to_clipboard()
    assert QApplication.clipboard().image().width() == 1600
    dialog.select(".svg")
    dialog.write(tmp_path / "a.svg")
    text = (tmp_path / "a.svg").read_text()
    assert "A title of one's own &amp; more" in text
    assert headline(PICTURE) not in text
    assert 'width="' in text
    dialog.select("chart.pdf")
    dialog.write(tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    again = FigureOptions(PICTURE, memory)
    assert again.paper == dialog.options.paper
    other = FigureOptions(draw(session(), "accuracy"), memory)
    assert other.paper.title == "", "another finding has another title"
    assert other.paper.colours is DARK


def test_sides_of_ones_own_have_no_name_and_nonsense_in_the_settings_no_effect(
    dialog: ExportDialog, memory: Memory
) -> None:
    dialog.options.wide.setValue(1234)
    assert dialog.options.size_box.currentText() == OWN
    assert dialog.options.paper.wide == 617
    for name, value in (("wide", -3), ("high", 10**9), ("type", 7)):
        memory.write(f"figure/{name}", value)
    memory.write("figure/theme", "purple")
    memory.write("figure/title", ["one"])
    paper = FigureOptions(PICTURE, memory).paper
    assert (paper.colours, paper.type_size, paper.title) == (LIGHT, 1.0, "")
    assert 200 < paper.wide < paper.high < 4000


def test_type_is_as_large_as_asked_for(qtbot: Any) -> None:
    """Letters of the footer grow; the figure does not."""
    usual, other = (
        QImage.fromData(picture_bytes(PICTURE, ".png", scale=1.0, paper=Paper(type_size=size)))
        for size in (1.0, 2.0)
    )
    assert usual.size() == other.size()
    assert _edge(other) == pytest.approx(2 * _edge(usual), rel=0.25)


def _edge(image: QImage) -> int:
    """How high above the lower edge the footer's letters end."""
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), grey.bytesPerLine())
    return int(grey.height() - np.flatnonzero((pixels[:, 30 : grey.width() // 2] < 200).any(axis=1))[-1])


def test_what_is_no_figure_has_no_size(qtbot: Any, memory: Memory) -> None:
    from app.findings.rows import rows
    from app.workloads import workloads

    made = session()
    dialog = ExportDialog(PICTURE, made, rows(made, workloads()), frozenset(), memory)
    qtbot.addWidget(dialog)
    dialog.select(".csv")
    assert not dialog.options.isEnabled()
    assert dialog._preview.text().startswith("target,")
    dialog.select(".png")
    assert dialog.options.isEnabled()
    assert "2560 × 1440" in dialog.note.text()
    assert Qt.AlignmentFlag.AlignCenter in dialog._preview.alignment()
