"""Nothing is clipped, from 100 to 200 % and at 1024x640; everything has a name and can be reached by keys."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTabWidget,
    QWidget,
)

from app.gui.elided_label import ElidedLabel
from app.gui.theme import Theme
from app.gui.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.test_run import finish


@pytest.fixture
def scaled(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[float]:
    """Text as large as at that scale; the application's font is put back."""
    before = QFont(qapp.font())
    larger = QFont(before)
    larger.setPointSizeF(before.pointSizeF() * request.param)
    qapp.setFont(larger)
    yield request.param
    qapp.setFont(before)


def shown(window: MainWindow, kind: type[Any]) -> list[Any]:
    """The widgets of a class that can be seen now, those scrolled away left out."""
    return [w for w in window.findChildren(kind) if w.isVisible() and not w.visibleRegion().isEmpty()]


def clipped(window: MainWindow) -> list[str]:
    """Texts that need more room than they have."""
    found = []
    for label in shown(window, QLabel):
        if isinstance(label, ElidedLabel) or not label.text() or label.pixmap().width():
            continue
        need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
        wide = label.wordWrap() or label.sizeHint().width() <= label.width()
        ignored = label.sizePolicy().horizontalPolicy() is label.sizePolicy().Policy.Ignored
        if need > label.height() or not (wide or (ignored and label.toolTip())):
            found.append(f"label {label.text()[:60]!r}: {label.sizeHint()} in {label.size()}, needs {need}")
    for button in shown(window, QAbstractButton):
        need = button.minimumSizeHint() if button.text() else button.sizeHint()
        # Qt's own » at the end of a tool bar is as wide as its style has it.
        own = button.objectName().startswith("qt_")
        if own or not button.text() or isinstance(button.parent(), QTabBar | QLineEdit):
            continue
        text = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text())
        if text.width() > button.width() or text.height() > button.height():
            found.append(f"button {button.text()!r}: {text} in {button.size()}, needs {need}")
    for box in shown(window, QComboBox):
        if box.sizeHint().height() > box.height():
            found.append(f"box {box.accessibleName()!r}: {box.sizeHint()} in {box.size()}")
    return found


@pytest.mark.parametrize("scaled", [1.0, 1.5, 2.0], indirect=True)
def test_no_text_is_clipped(qtbot: Any, scaled: float, make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.resize(1024, 640)
    problems = []
    for name in window.panels:
        window.workspace.show_panel(name)
        qtbot.wait(30)
        problems += [f"{name}: {text}" for text in clipped(window)]
    assert not problems, "\n".join(dict.fromkeys(problems))
    assert (window.width(), window.height()) == (1024, 640) or scaled > 1


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
