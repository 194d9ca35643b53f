"""Saving the report for a bug from the menu Help."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from tests.gui.conftest import MakeWindow


def test_the_menu_saves_the_report(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    path = tmp_path / "report.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.actions_["diagnose"].trigger()
    assert "Full (Vulkan)" in path.read_text()
    assert str(path) in window.messages.text
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/dev/null/report.txt", ""))
    window.actions_["diagnose"].trigger()
    assert window.messages.level == "error"
