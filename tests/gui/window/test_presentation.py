"""The presentation: one chart, one sentence, steps by keys, and everything as before when it is left."""

from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import Qt

from app.charts.headline import headline, rest
from app.charts.modes import MODES, bars
from app.charts.picture import Picture
from app.charts.scene import Scene
from app.core.measurement import Measurement
from app.findings.rows import rows
from app.gui.parts.theme import Theme
from app.workloads import workloads
from tests.charts.made import both_sides
from tests.charts.scenes import draw
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, SHAPES, WASM, session
from tests.gui.state.test_run import finish


def said(spoil: Any = lambda m: m, baseline: str = "f32") -> str:
    made = session(spoil=spoil)
    derived = rows(made, workloads(), baseline)
    picture = bars.make(Scene(made, derived, workloads(), baseline))
    assert isinstance(picture, Picture)
    return headline(picture)


def test_the_sentence_says_what_is_surely_fastest() -> None:
    assert said() == "u8-dot4 is 4.00× faster than f32 (4.00–4.00) at 256 on Full (Vulkan)"


def test_the_sentence_is_about_a_gpu_and_all_sizes_where_it_can_be() -> None:
    def fast_wasm(m: Measurement) -> Measurement:
        quick = m.case.target == "wasm" and m.case.variant == "f32-simd"
        return structs.replace(m, samples=tuple(s / 40 for s in m.samples)) if quick else m

    assert headline(draw(session((FULL, WASM), spoil=fast_wasm), "size")) == (
        "u8-dot4 is 4.00× faster than f32 (4.00–4.00) on Full (Vulkan)"
    )

    def not_at_256(m: Measurement) -> Measurement:
        slow = m.case.variant == "u8-dot4" and m.case.shape == SHAPES[-1]
        return structs.replace(m, samples=tuple(9 * s for s in m.samples)) if slow else m

    said = headline(draw(session((FULL,), spoil=not_at_256), "size"))
    assert said == "u8-dot4 is 4.00× faster than f32 (4.00–4.00) at 64 on Full (Vulkan)"


def test_a_base_line_elsewhere_is_named_with_its_target() -> None:
    def slower(m: Measurement) -> Measurement:
        here = m.case.target == "bare" and m.case.variant != "f32"
        return structs.replace(m, samples=tuple(2 * s for s in m.samples)) if here else m

    assert "than f32 on Bare (OpenGL) (3.92–4.08, unpaired) at 256 on Full" in said(slower, "bare/f32")


def test_the_sentence_does_not_say_more_than_the_intervals() -> None:
    def few(m: Measurement) -> Measurement:
        return structs.replace(m, samples=m.samples[:3])

    def slow(m: Measurement) -> Measurement:
        base = m.case.variant == "f32"
        return m if base else structs.replace(m, samples=tuple(9 * s for s in m.samples))

    assert "Not sure yet" in said(few)
    assert said(slow) == "Nothing here is faster than its baseline"


def test_keys_step_and_esc_leaves_everything_as_it_was(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    assert not window.actions_["present"].isEnabled()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.chart.set_mode("bars")
    before, steps = window.undo.now(), window.undo.stack.count()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    shown = window.presentation
    qtbot.waitExposed(shown)
    assert shown.isFullScreen()
    assert window.chart.view.mode == "bars"
    assert "than f32" in shown.accessibleName()
    label = window.chart.size_shown
    qtbot.keyClick(shown, Qt.Key.Key_Down)
    assert window.chart.size_shown != label
    assert label not in shown.accessibleName()
    qtbot.keyClick(shown, Qt.Key.Key_Left)
    assert window.chart.view.mode == MODES[0].name
    window.theme.choose(Theme.DARK)
    assert shown.grab().toImage().pixelColor(4, 4).lightness() > 200
    with qtbot.waitSignal(shown.destroyed):
        qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert window.undo.now() == before
    assert window.undo.stack.count() == steps


def test_what_is_put_out_is_not_spoken_of_and_nothing_is_said_twice(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    drawn: list[Picture] = []
    monkeypatch.setattr(
        "app.gui.window.presentation.draw_sheet", lambda _, picture, *__: drawn.append(picture)
    )
    window.chart.set_mode("bars")
    window.chart.figure.load()
    window.chart.figure.legend.set_hidden(frozenset({("full", "u8-dot4"), ("bare", "u8-dot4")}))
    window.chart.refresh()
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: bool(drawn))
    assert "u8-dot4" not in headline(drawn[-1])
    while window.chart.view.mode != "samples":
        window.presentation.step(1)
    whole = window.chart.picture.remark
    title, more = headline(drawn[-1]), rest(drawn[-1])
    assert whole.startswith(title)
    assert title not in more
    assert whole in (title, f"{title}. {more}")
    window.presentation.close()


def test_from_every_size_to_one_and_back(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.controller.show_session(both_sides(), modified=False)
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    window.chart.set_view(structs.replace(window.chart.view, mode="heatmap", target="full"))
    assert window.chart.size_shown == ""
    window.present()
    window.presentation.resize_case(1)
    assert window.chart.size_shown == "64"
    window.presentation.resize_case(-1)
    assert window.chart.size_shown == ""
    window.presentation.close()


def test_saved_views_are_the_set_that_is_shown(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    for mode, name in (("bars", "first"), ("size", "second")):
        window.chart.set_mode(mode)
        window.views.save(name)
    window.actions_["present"].trigger()
    shown, modes = window.presentation, []
    for _ in range(3):
        modes.append(window.chart.view.mode)
        qtbot.keyClick(shown, Qt.Key.Key_Right)
    assert modes == ["bars", "size", "bars"]
    shown.close()
