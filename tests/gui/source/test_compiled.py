"""The page "Compiled": real code of wasmtime, two kernels beside each other, in the window."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtGui import QColor

from app.core.code import Work
from app.core.edit import Edit
from app.core.target import Runtime
from app.gui.parts.theme import current
from app.gui.source.compiled_page import FOREIGN, LATER, CompiledPage
from app.gui.source.loop_bars import inks
from app.gui.source.panel import Page
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, WASM, FakeSupervisor
from tests.gui.source.test_source import open_source

pytestmark = pytest.mark.usefixtures("own_data")


def opened(qtbot: Any, make_window: MakeWindow, name: str) -> CompiledPage:
    pytest.importorskip("capstone", reason="capstone is not installed")
    window = make_window(FakeSupervisor((FULL, WASM)))
    panel = open_source(window, name)
    panel.open_page(Page.COMPILED)
    page = panel.compiled
    qtbot.waitUntil(lambda: bool(page.bars.bars))
    return page


def test_two_kernels_stand_beside_each_other_with_their_lines(qtbot: Any, make_window: MakeWindow) -> None:
    page = opened(qtbot, make_window, "f32-scalar")
    assert page.place
    assert page.place.name == "wasmtime"
    assert "against" in page.sentence.text()
    assert "Counted, not timed" in page.note.text()
    (left, other), (right, own) = page.bars.bars
    assert (left, right) == (page.other.currentText(), "f32-scalar")
    assert sum(own.values()) > sum(other.values())
    assert "vmulps" in page.views[0].toPlainText()
    assert "mulss" in page.views[1].toPlainText()
    drawn = page.bars.segments(page.bars.width())
    image = page.bars.grab().toImage()
    for work, box in drawn[0]:
        if box.width() > 4:
            assert image.pixelColor(box.center().toPoint()) == QColor(inks(current())[work]), work
    assert {work for work, box in drawn[0] if box.width()} >= {Work.USEFUL, Work.MEMORY}


def test_a_run_comes_before_code_and_foreign_texts_are_not_compiled(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, make_window, "f32-simd")
    control = page._controller
    monkeypatch.setattr(type(control), "running", property(lambda _: True))
    open_source(page.window(), "f32-relaxed")  # type: ignore[arg-type]
    assert page.sentence.text() == LATER
    assert not page.bars.isVisible()
    monkeypatch.undo()
    control.running_changed.emit(False)
    qtbot.waitUntil(lambda: bool(page.bars.bars))
    assert page._choice
    edit = Edit(workload="matvec", runtime=Runtime.WASM, name="theirs", like="f32-simd", text="(module)")
    page._choice = replace(page._choice, kernel=replace(page._choice.kernel, edit=edit))
    page._compile()
    assert page.sentence.text() == FOREIGN
