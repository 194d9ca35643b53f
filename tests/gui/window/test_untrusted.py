"""What a file says is shown as it stands, wherever the window shows it."""

import ast
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel

import app.gui
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


def test_no_label_guesses_whether_its_text_is_markup() -> None:
    """Qt takes a text with tags for HTML unless it is told; what is written in the program may be guessed."""
    for path in Path(app.gui.__file__).parent.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        told = {
            ast.unparse(node.func.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "setTextFormat"
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            made = node.value
            if ast.unparse(made.func) != "QLabel" or any(k.arg == "textFormat" for k in made.keywords):
                continue
            name = ast.unparse(node.targets[0])
            given = {
                ast.unparse(call.func.value)
                for call in ast.walk(tree)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "setText"
                and not isinstance(call.args[0], ast.Constant)
            }
            assert name not in given - told, f"{path.name}: {name}"
