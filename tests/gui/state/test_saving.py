"""Where a file goes that the user names: its suffix, its folder, and what is there already."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.gui.parts.memory import Memory
from app.gui.state.saving import ask_where


@pytest.fixture
def parent(qtbot: Any) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    return widget


def types(monkeypatch: pytest.MonkeyPatch, path: Path | str) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_a_name_gets_its_suffix_and_the_folder_is_remembered(
    parent: QWidget, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for typed, found in (("a", "a.svg"), ("a.svg", "a.svg"), ("A.SVGZ", "A.SVGZ"), ("a.b", "a.b.svg")):
        types(monkeypatch, tmp_path / typed)
        assert ask_where(parent, memory, "Save", "x.svg", ".svg", ".svgz") == tmp_path / found
    assert memory.read("folder", "") == str(tmp_path)
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *words: asked.extend(words[2:]) or ("", ""))
    assert ask_where(parent, memory, "Save", "x.svg", ".svg", ".svgz") is None
    assert asked == [str(tmp_path / "x.svg"), "*.svg *.svgz"]


@pytest.mark.parametrize("answer", ["Yes", "No"])
def test_a_file_the_dialog_did_not_ask_about_is_asked_about(
    answer: str, parent: QWidget, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.svg").touch()
    types(monkeypatch, tmp_path / "a")
    asked: list[str] = []

    def question(_: object, __: str, text: str, *___: object) -> QMessageBox.StandardButton:
        asked.append(text)
        return QMessageBox.StandardButton[answer]

    monkeypatch.setattr(QMessageBox, "question", question)
    found = ask_where(parent, memory, "Save", "x.svg", ".svg")
    assert found == (tmp_path / "a.svg" if answer == "Yes" else None)
    assert asked == ["a.svg is there already. Replace it?"]
