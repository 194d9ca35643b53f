"""What a file says is shown as it stands, wherever the window shows it."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel

from app.storage.files import save
from tests.gui.conftest import MakeWindow
from tests.storage.test_untrusted import RUDE, rude

TIP = Qt.ItemDataRole.ToolTipRole


def tips(model: QAbstractItemModel, parent: QModelIndex) -> list[str]:
    """Every tooltip below ``parent``."""
    found = []
    for row in range(model.rowCount(parent)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            found.append(str(index.data(TIP) or ""))
            found += tips(model, index) if column == 0 else []
    return found


def heads(model: QAbstractItemModel) -> list[str]:
    """The tooltips of its columns."""
    columns = range(model.columnCount())
    return [str(model.headerData(i, Qt.Orientation.Horizontal, TIP) or "") for i in columns]


def test_nothing_in_a_session_becomes_markup(make_window: MakeWindow, qtbot: Any, tmp_path: Any) -> None:
    save(rude(), tmp_path / "rude.json")
    window = make_window()
    window.open_path(tmp_path / "rude.json")
    qtbot.waitUntil(lambda: len(window.controller.rows) == 4)
    window.messages.say("error", RUDE)
    shown = tips(window.results.model, QModelIndex())
    assert any("script" in tip for tip in shown)
    window.workspace.show_panel("hardware")
    matrix = window.hardware.view.model
    shown += tips(matrix, QModelIndex()) + heads(matrix)
    assert any("script" in tip for tip in heads(matrix))
    texts = [*shown, *(label.toolTip() for label in window.findChildren(QLabel))]
    for label in window.findChildren(QLabel):
        if label.textFormat() != Qt.TextFormat.PlainText:
            texts.append(label.text())
    for text in texts:
        if Qt.mightBeRichText(text):
            assert "<script" not in text
            assert "<img" not in text
