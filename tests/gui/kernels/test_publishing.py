"""Publishing from the window: what is ticked, for whatever the visitor has."""

from pathlib import Path
from typing import Any

import msgspec

from app.gui.kernels.publishing import page_plan
from app.gui.window.window import MainWindow
from app.storage.publish import PagePlan
from tests.gui.conftest import MakeWindow


def test_what_is_ticked_is_published(real_window: MainWindow, qtbot: Any, tmp_path: Path) -> None:
    window = real_window
    wanted = page_plan(window.kernels.request())
    window.publishing.write(tmp_path / "page")
    qtbot.waitUntil(lambda: window.messages.text.startswith("Published "), timeout=30_000)
    plan = msgspec.json.decode((tmp_path / "page" / "plan.json").read_bytes(), type=PagePlan)
    assert [case.case for case in plan.cases] == list(wanted.cases)
    assert {case.case.shape.rows for case in plan.cases} == {32, 64}
    assert {case.case.target for case in plan.cases} <= {"page-gpu", "page-wasm"}


def test_why_not_is_said(make_window: MakeWindow, qtbot: Any, tmp_path: Path) -> None:
    window = make_window()
    (tmp_path / "mine.txt").write_text("mine")
    window.kernels.sizes.line.setText("64")
    window.publishing.write(tmp_path)
    qtbot.waitUntil(lambda: "holds something else" in window.messages.text, timeout=30_000)
    window.kernels.sizes.line.setText("nonsense")
    window.publishing.write(tmp_path / "page")
    assert "give a size" in window.messages.text
