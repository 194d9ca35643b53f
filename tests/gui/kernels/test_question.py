"""The question on top of the window: chips, their pop-overs, the grid of variants, the forecast."""

from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.catalog.index import variants
from app.catalog.request import key
from app.core.measurement import Costs
from app.core.plan import Settings
from app.gui.kernels.entries import crossing
from app.gui.kernels.pace import Pace, allowance
from app.gui.parts.memory import Memory
from tests.gui.clipping import clipped
from tests.gui.conftest import MakeWindow
from tests.gui.made import BARE, FULL, NATIVE, WASM, FakeSupervisor, session
from tests.gui.state.test_run import finish
from tests.gui.window.test_comfort import scaled

__all__ = ["scaled"]

ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
FOUR = (FULL, BARE, WASM, NATIVE)


def said(window: Any) -> dict[str, str]:
    return {name: chip.text() for name, chip in window.kernels.chips.items()}


def test_the_chips_make_a_sentence(make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(FOUR))
    words = said(window)
    assert words["workload"] == "matvec"
    assert words["targets"] == "4 targets"
    assert words["variants"] == f"{len(window.kernels.variants.ticked())} variants"
    assert words["baseline"] == "against f32"
    assert words["time"] == "0.5 s each"
    window.kernels.sizes.line.setText("64")
    window.kernels.operands.cold.setChecked(True)
    for name in ("full", "wasm", "numpy"):
        window.kernels.targets.set_ticked(name, False)
    assert said(window)["sizes"] == "64"
    assert said(window)["targets"] == "Bare (OpenGL)"
    assert said(window)["time"] == "0.5 s each, caches bypassed"
    window.kernels.targets.set_ticked("bare", False)
    assert said(window)["targets"] == "no targets"
    assert window.kernels.forecast.whole == "Tick at least one target"


def test_a_plan_is_chosen_by_keys_alone(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(FOUR))
    chip = window.kernels.chips["plan"]
    qtbot.keyClick(window, Qt.Key.Key_P, ALT_SHIFT)
    assert chip.pop_over.isVisible()
    qtbot.keyClicks(chip.pop_over.line, "suspen")
    qtbot.keyClick(chip.pop_over.line, Qt.Key.Key_Return)
    assert not chip.pop_over.isVisible()
    assert chip.text() == "Suspension plan"
    assert not window.kernels.chips["variants"].isEnabled()
    brought = {case.variant for case in window.kernels.cases}
    assert window.kernels.chips["variants"].text() == f"{len(brought)} variants"
    assert all(name in window.kernels.chips["variants"].toolTip() for name in brought)
    chip.open()
    qtbot.keyClicks(chip.pop_over.line, "thre")
    qtbot.keyClick(chip.pop_over, Qt.Key.Key_Escape)
    assert not chip.pop_over.isVisible()
    assert chip.text() == "Suspension plan", "Esc chooses nothing"
    assert not window.controller.running


def test_the_grid_is_ticked_by_keys_and_says_why_not(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(FOUR))
    grid, chip = window.kernels.variants, window.kernels.chips["variants"]
    qtbot.keyClick(window, Qt.Key.Key_V, ALT_SHIFT)
    qtbot.keyClicks(chip.pop_over.line, "u8-dot4+swizzle")
    assert grid.selected()[0] == "wgsl/u8-dot4+swizzle"
    assert "wgsl/u8-dot4+swizzle" not in grid.ticked()
    qtbot.keyClick(chip.pop_over.line, Qt.Key.Key_Return)
    assert "wgsl/u8-dot4+swizzle" in grid.ticked()
    chip.pop_over.line.clear()
    grid.point_at(["wgsl/f16"])
    assert grid.name.whole.startswith("f16: ")
    assert grid.reason.whole == "Bare (OpenGL) has no shader-f16"
    cells = grid.sections["WebGPU (WGSL)"].cells
    was = "wgsl/f16" in grid.ticked()
    qtbot.keyClick(cells, Qt.Key.Key_Space)
    assert ("wgsl/f16" in grid.ticked()) is not was
    qtbot.mouseClick(cells.viewport(), Qt.MouseButton.LeftButton, pos=cells.box("wgsl/f16").center())
    assert ("wgsl/f16" in grid.ticked()) is was
    missing = next(entry for entry in grid.entries if not entry.enabled and entry.group == "WebGPU (WGSL)")
    before = grid.ticked()
    grid.set_ticked(missing.key, True)
    assert grid.ticked() == before
    chip.pop_over.close()


def test_every_variant_has_a_cell_of_its_own() -> None:
    for workload in dict.fromkeys(v.workload for v in variants()):
        for checked in (True, False):
            own = [v for v in variants() if v.workload == workload and v.checked is checked]
            cells = {(v.runtime, *crossing(v)) for v in own}
            assert len(cells) == len(own), workload


@pytest.mark.parametrize("scaled", [1.0, 1.5, 2.0], indirect=True)
def test_pop_overs_fit_into_a_small_window(qtbot: Any, scaled: float, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(FOUR))
    window.resize(1024, 640)
    window.kernels.sizes.line.setText("64, nonsense")
    problems = []
    for name, chip in window.kernels.chips.items():
        chip.open()
        QTest.qWait(30)
        assert chip.pop_over.height() <= 640, name
        assert chip.pop_over.width() <= 1024, name
        problems += [f"{name}: {problem}" for problem in clipped(chip.pop_over)]
        chip.pop_over.close()
    assert not problems, "\n".join(problems)


def mnemonics_in(top: QWidget) -> list[str]:
    """The texts of what Alt and a letter could reach there now."""
    inside = [w for w in top.findChildren(QWidget) if w.window() is top and w.isVisibleTo(top)]
    return [w.text() for w in inside if isinstance(w, QLabel | QAbstractButton)]


def test_no_two_mnemonics_of_a_menu_or_pop_over_clash(make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(FOUR))
    groups: dict[str, list[str]] = {}
    clashes: list[str] = []
    for action, _ in window.actions_:
        groups.setdefault(action.menu, []).append(action.text)
        above, _, name = action.menu.rpartition("/")
        if above and name not in groups.setdefault(above, []):
            groups[above].append(name)
    bar = [action.text() for action in window.menuBar().actions()]
    for name, chip in window.kernels.chips.items():
        groups[name] = mnemonics_in(chip.pop_over)
    for name in window.rail.buttons:
        window.workspace.show_panel(name)
        groups[f"page {name}"] = [*bar, *mnemonics_in(window)]
    for where, texts in groups.items():
        letters = [text.replace("&&", "").partition("&")[2][:1].lower() for text in texts]
        used = [letter for letter in letters if letter]
        clashes += [f"{where}: {texts}"] * (len(used) != len(set(used)))
    assert not clashes, "\n".join(clashes)


def test_a_forecast_learns_what_cases_take(memory: Memory) -> None:
    pace, settings = Pace(memory), Settings(seconds=0.5)
    assert pace.forecast({"full": 10}, settings) == (pytest.approx(10 * allowance(settings)), False)
    done = session((FULL, BARE)).measurements
    slow = [structs.replace(m, costs=Costs(3.0, 0, 0)) if m.case.target == "full" else m for m in done]
    count = {t: sum(m.case.target == t and m.status.value == "ok" for m in slow) for t in ("full", "bare")}
    pace.learn(slow, settings, 60.0)
    seconds, sure = pace.forecast(count, settings)
    assert sure
    assert seconds == pytest.approx(60.0)
    assert (pace.of("full") or 0) > 10 * (pace.of("bare") or 0)
    assert Pace(memory).of("full") == pace.of("full")
    assert pace.forecast({"full": 1, "else": 1}, settings)[1] is False


def test_a_run_teaches_the_forecast(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,)))
    assert window.kernels.forecast.whole.startswith("at most about ")
    window.actions_["run"].trigger()
    finish(qtbot, window)
    qtbot.waitUntil(lambda: window.kernels.forecast.whole.startswith("about "))


def test_a_mirrored_window_has_its_rail_at_the_right(qtbot: Any, make_window: MakeWindow) -> None:
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = make_window(FakeSupervisor(FOUR))
        rail, chart = window.rail, window.chart
        assert rail.mapTo(window, rail.rect().topLeft()).x() > chart.mapTo(window, chart.rect().topLeft()).x()
        chips = list(window.kernels.chips.values())
        assert chips[0].x() > chips[1].x()
        assert not clipped(window)
    finally:
        QApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    assert {key(v) for v in window.kernels.known} >= set(window.kernels.variants.ticked())
