"""Nothing is clipped, from 100 to 200 % and at 1024x640; everything has a name and can be reached by keys."""

import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QDialog,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.core.target import Target
from app.engines.browser.find import CHROMIUM, FIREFOX, Browser
from app.gui.hardware.browser_dialog import BrowserDialog
from app.gui.parts.theme import Theme
from app.gui.source.panel import Page
from app.worker.supervisor import Supervisor
from tests.gui.clipping import clipped, shown
from tests.gui.conftest import MakeWindow, SharedSupervisor
from tests.gui.made import session
from tests.gui.source.test_source import begin, f5, open_source, put
from tests.gui.state.test_run import finish

pytestmark = pytest.mark.usefixtures("own_data")


@pytest.fixture
def scaled(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    """Text as large as at that scale; the application's font is put back."""
    before = QFont(qapp.font())
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * request.param)
    qapp.setFont(larger)
    yield request.param
    qapp.setFont(before)


LAID_OUT = 10.0
"""Seconds after which what is wrong is no layout under way; a busy machine takes its time."""


def now(state: str, window: QWidget) -> list[str]:
    """What is wrong once all that was asked for is laid out."""
    given_up = time.monotonic() + LAID_OUT
    while True:
        QTest.qWait(60)
        problems = clipped(window)
        if not problems or time.monotonic() > given_up:
            return [f"{state}: {problem}" for problem in problems]


@pytest.mark.parametrize("scaled", [1.0, 1.5, 2.0], indirect=True)
def test_no_text_is_clipped(qtbot: Any, scaled: float, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.resize(1024, 640)
    problems = []
    for name, panel in window.panels.items():
        window.workspace.show_panel(name)
        problems += now(name, window)
        assert shown(panel, QWidget), name
    window.controller.comparing.show([("before", session()), ("now", window.controller.session)])
    qtbot.waitUntil(window.compare.tabs.isVisible)
    for tab in range(window.compare.tabs.count()):
        window.compare.tabs.setCurrentIndex(tab)
        problems += now(f"compare: {window.compare.tabs.tabText(tab)}", window)
    assert not problems, "\n".join(problems)
    assert (window.width(), window.height()) == (1024, 640)


@pytest.mark.parametrize("scaled", [1.0, 1.5, 2.0], indirect=True)
def test_editing_a_kernel_clips_nothing(
    qtbot: Any, scaled: float, make_window: MakeWindow, supervisor: Supervisor, targets: list[Target]
) -> None:
    window = make_window(SharedSupervisor(supervisor))
    window.resize(1024, 640)
    window.kernels.seconds.setValue(0.05)
    panel = begin(window, "f32-simd")
    panel.bar.shape.setCurrentIndex(0)
    panel.bar.shape.activated.emit(0)
    put(panel, lambda text: f";; mine\n  oops\n{text}")
    assert "does not compile" in f5(qtbot, panel, window).lower()
    problems = now("with an error", window)
    panel.open_find()
    problems += now("finding", window)
    panel.finder.leave()
    put(panel, lambda text: text.replace("  oops\n", ""))
    assert "Correct" in f5(qtbot, panel, window)
    problems += now("with a result", window)
    panel.open_page(Page.DIFF)
    problems += now("beside its original", window)
    window.workspace.show_panel("details")
    window.workspace.show_panel("source")
    problems += now("with details open", window)
    open_source(window, "f32")
    panel.open_page(Page.ACCESS)
    problems += now("the access pattern", window)
    assert not problems, "\n".join(problems)
    assert (window.width(), window.height()) == (1024, 640)


def opened() -> Any:
    """The dialog that is open now."""
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, QDialog) and w.isVisible())


def misfits(name: str, dialog: QWidget) -> list[str]:
    """What is wrong with it on a small screen."""
    problems = now(name, dialog)
    needs = dialog.minimumSizeHint().expandedTo(dialog.size())
    fits = needs.width() <= 1024 and needs.height() <= 640
    return problems if fits else [*problems, f"{name}: needs {needs}"]


@pytest.mark.parametrize("scaled", [1.0, 1.5, 2.0], indirect=True)
def test_every_dialog_fits_into_a_small_window(qtbot: Any, scaled: float, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.resize(1024, 640)
    problems: list[str] = []

    def look(name: str) -> None:
        problems.extend(misfits(name, opened()))
        opened().reject()

    for name in ("keys", "tune", "palette"):
        window.actions_[name].trigger()
        look(name)
    for name in ("about", "save_view"):
        QTimer.singleShot(50, partial(look, name))
        window.actions_[name].trigger()
    for suffix in (".png", ".csv"):
        window.actions_["export"].trigger()
        opened().buttons[suffix].click()
        look(suffix)
    window.controller.modified = window.controller.unkept = True
    QTimer.singleShot(50, partial(look, "leave"))
    assert not window.files.settle()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scaled", [1.0, 2.0], indirect=True)
def test_adding_a_browser_fits(
    qtbot: Any, scaled: float, make_window: MakeWindow, supervisor: Supervisor
) -> None:
    window = make_window(SharedSupervisor(supervisor), search=False)
    window.resize(1024, 640)
    found = [Browser("Chrome", "/nowhere/chrome", CHROMIUM), Browser("Firefox", "/nowhere/firefox", FIREFOX)]
    dialog = BrowserDialog(window.controller, found, window)
    dialog.open()
    dialog.experimental.setChecked(True)
    problems = misfits("what is switched on", dialog)
    dialog.add_button.setEnabled(False)
    dialog.state.setText("Waiting for a browser that does not come… " * 4)
    problems += misfits("waiting", dialog)
    dialog.reject()
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scaled", [1.0, 2.0], indirect=True)
def test_the_guide_and_the_presentation_fit(qtbot: Any, scaled: float, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1024, 640)
    window.guide.start()
    problems = now("the guide begins", window)
    finish(qtbot, window)
    qtbot.waitUntil(lambda: "F11" in window.messages.text)
    problems += now("the guide ends", window)
    window.present()
    problems += now("the presentation", window.presentation)
    image = window.presentation.grab().toImage()
    sides = {image.pixel(x, y) for x in (0, image.width() - 1) for y in range(image.height())}
    assert sides == {image.pixel(0, 0)}
    window.presentation.close()
    assert not problems, "\n".join(problems)


def test_every_mode_fits_into_a_small_window(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.resize(1024, 640)
    for action, made in window.actions_:
        if action.name.startswith("chart-"):
            made.trigger()
            assert not now(action.name, window)
            assert window.size().width() == 1024, action.name


def test_everything_that_takes_the_focus_has_a_name(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    nameless = []
    for name in window.panels:
        window.workspace.show_panel(name)
        for widget in window.findChildren(QWidget):
            if widget.focusPolicy() is Qt.FocusPolicy.NoFocus or widget.objectName().startswith("qt_"):
                continue
            if not widget.isVisibleTo(window) or isinstance(widget, QTabBar | QTabWidget):
                continue
            named = widget.accessibleName() or getattr(widget, "text", str)()
            inside = isinstance(widget.parent(), QAbstractScrollArea | QComboBox)
            if not named and not inside:
                nameless.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    assert not nameless, sorted(set(nameless))


def test_the_keyboard_reaches_every_panel(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    for number, name in enumerate(window.panels, 1):
        if number < 10:
            qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
        else:
            window.actions_[f"panel_{name}"].trigger()
        dock = window.workspace.docks[name]
        assert not dock.isHidden(), name
        assert window.childAt(dock.mapTo(window, dock.rect().center())) is not window, name
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus is window.panels[name] or window.panels[name].isAncestorOf(focus), name


def test_a_larger_window_makes_the_chart_larger(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1280, 800)
    qtbot.wait(50)
    wide = window.details.width()
    for size in ((1024, 640), (1700, 1000), (1280, 800)):
        window.resize(*size)
        qtbot.wait(50)
        qtbot.waitUntil(lambda: window.details.width() <= wide + 12)
        assert window.chart.width() > size[0] - wide - window.rail.width() - 40
    qtbot.waitUntil(lambda: abs(window.details.width() - wide) < 12)


def test_buttons_can_be_read_in_both_themes(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    for theme in (Theme.DARK, Theme.LIGHT, Theme.DARK):
        window.theme.choose(theme)
        for button in shown(window, QAbstractButton):
            if button.text() and button.isEnabled():
                ink, ground = button.palette().buttonText().color(), button.palette().button().color()
                assert abs(ink.lightness() - ground.lightness()) > 90, (theme, button.text())
