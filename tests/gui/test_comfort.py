"""Nothing is clipped, from 100 to 200 % and at 1024x640; everything has a name and can be reached by keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.core.target import Target
from app.gui.source.panel import Page
from app.gui.theme import Theme
from app.worker.supervisor import Supervisor
from tests.gui.clipping import clipped, shown
from tests.gui.conftest import MakeWindow, SharedSupervisor
from tests.gui.test_run import finish
from tests.gui.test_source import begin, f5, open_source, put

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


def now(state: str, window: QWidget) -> list[str]:
    """What is wrong once all that was asked for is laid out."""
    QTest.qWait(60)
    return [f"{state}: {problem}" for problem in clipped(window)]


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
    assert "Right" in f5(qtbot, panel, window)
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


def test_every_mode_fits_into_a_small_window(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.resize(1024, 640)
    for action, made in window.actions_:
        if action.name.startswith("chart-"):
            made.trigger()
            qtbot.wait(10)
            assert not clipped(window), action.name
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
    wide = window.kernels.width()
    for size in ((1024, 640), (1700, 1000), (1280, 800)):
        window.resize(*size)
        qtbot.wait(50)
        qtbot.waitUntil(lambda: window.kernels.width() <= wide + 12)
        assert window.chart.width() > size[0] - wide - 40
    qtbot.waitUntil(lambda: abs(window.kernels.width() - wide) < 12)


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
