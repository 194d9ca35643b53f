"""Named plans in the window, and the guided first run that uses one."""

import re
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.catalog.named_plans import NAMED_PLANS
from app.catalog.request import problem
from app.core.events import TargetsFound
from app.core.session import Session
from app.engines.browser.find import CHROMIUM, Browser
from app.gui.window.guide import BROWSER, ELSEWHERE, WHY
from app.gui.window.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.made import BARE, FULL, NATIVE, WASM, FakeSupervisor
from tests.gui.state.test_run import finish


@pytest.mark.parametrize("plan", NAMED_PLANS, ids=lambda plan: plan.name)
def test_every_plan_says_what_it_answers_and_costs(real_window: MainWindow, plan: Any) -> None:
    kernels = real_window.kernels
    for target in real_window.controller.targets:
        kernels.targets.set_ticked(target.id, True)
    kernels.choose_plan(plan.name)
    if problem(kernels.request(), real_window.controller.targets):
        assert not any(t.engine == "webgpu" for t in real_window.controller.targets)
        return
    words = kernels.summary.text()
    assert words.lower().startswith(plan.question.lower())
    assert " cases on " in words
    assert not kernels.variants.isEnabled()
    kernels.choose_plan("")
    assert kernels.variants.isEnabled()
    assert plan.question not in kernels.summary.text()


def test_a_plan_runs_as_on_the_command_line(qtbot: Any, real_window: MainWindow) -> None:
    window, control = real_window, real_window.controller
    window.kernels.choose_plan("suspension")
    window.actions_["run"].trigger()
    finish(qtbot, window)
    assert isinstance(control.session, Session)
    assert {case.workload for case in control.session.plan.cases} == {"suspend"}
    assert control.baseline == "plain"
    assert any(row.speedup for row in control.rows)


def test_a_plan_that_the_ticked_targets_cannot_run_says_so(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((NATIVE,)))
    window.kernels.choose_plan("crossover")
    assert "do not suffice" in window.kernels.summary.text()
    qtbot.keyClick(window, Qt.Key.Key_F5)
    assert not window.controller.running
    assert "do not suffice" in window.messages.text


def test_the_guided_first_run(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM, NATIVE), pace=0.001))
    button = window.chart.placeholder.button
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.controller.running
    assert "Chart 1 of the article" in window.messages.text
    finish(qtbot, window)
    assert window.chart.view.mode == "bars"
    assert {case.target for case in window.controller.session.plan.cases} == {"full"}
    assert window.messages.text.startswith("u8-dot4 is 1.99× faster than f16 (1.96–2.01) at 4096")
    assert window.chart.picture.notes
    assert list(window.messages.buttons) == [WHY, ELSEWHERE, BROWSER]


def test_three_questions_lead_on_from_the_first_run(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is answered in a line, beside what shows it, and leaves the others, without a dialog."""
    window = make_window(FakeSupervisor((FULL, WASM)))
    window.actions_["run"].trigger()
    finish(qtbot, window)
    messages = window.messages
    qtbot.waitUntil(lambda: list(messages.buttons) == [WHY, ELSEWHERE, BROWSER])
    assert messages.text.startswith("u8-dot4 is ")
    messages.buttons[WHY].click()
    assert window.details.row.name == "u8-dot4"
    assert re.sub("<[^>]+>", "", window.details.why.text()) in messages.text
    assert list(messages.buttons) == [ELSEWHERE, BROWSER]
    for part in (messages._text, *messages.buttons.values()):
        place = QRect(part.mapTo(messages, QPoint()), part.size())
        assert messages.rect().contains(place)
        assert not part.hasHeightForWidth() or place.height() >= part.heightForWidth(place.width())
    assert not messages.geometry().intersects(_in(messages, window.details.buttons["Source"]))
    messages.buttons[ELSEWHERE].click()
    assert "Publish as a page" in messages.text
    assert list(messages.buttons) == [BROWSER]
    there = structs.replace(BARE, id="chrome", label="Chrome")
    came = TargetsFound("browser", (there,), {})
    monkeypatch.setattr("app.gui.state.hardware_search.add_browser", lambda *_: iter([came]))
    chrome = Browser("Chrome", "/nowhere/chrome", CHROMIUM)
    monkeypatch.setattr("app.gui.window.guide.find_browsers", lambda: [chrome])
    messages.buttons[BROWSER].click()
    qtbot.waitUntil(lambda: window.controller.running)
    finish(qtbot, window)
    assert {"full", "wasm", "chrome"} == {t.id for t in window.controller.session.targets}
    qtbot.waitUntil(lambda: "on Chrome" in messages.text)
    assert not messages.buttons
    assert not QApplication.activeModalWidget()


def _in(message: QWidget, other: QWidget) -> QRect:
    """Where another widget is in the room that a message lies over."""
    return QRect(other.mapTo(message.parentWidget(), QPoint()), other.size())


def test_who_was_led_on_before_is_left_alone(qtbot: Any, make_window: MakeWindow) -> None:
    first, second = (make_window(FakeSupervisor((FULL,))) for _ in range(2))
    for window in (first, second):
        window.actions_["run"].trigger()
        finish(qtbot, window)
    qtbot.waitUntil(lambda: bool(first.messages.buttons))
    assert not second.messages.buttons


def test_the_guided_run_ticks_a_gpu_where_none_is(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM)))
    window.kernels.targets.set_ticked("full", False)
    window.actions_["chart1"].trigger()
    finish(qtbot, window)
    assert {case.target for case in window.controller.session.plan.cases} == {"full"}


def test_without_a_gpu_nothing_is_promised(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((WASM, NATIVE)))
    assert "chart 1" not in window.chart.placeholder.button.text()
    assert not window.actions_["chart1"].isEnabled()
