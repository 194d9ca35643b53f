"""A window with 960 cases, and what keys alone can do in any."""

import re
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.gui.results.advice_panel import AdvicePanel
from app.gui.window.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.crowded import TARGETS, crowded
from tests.gui.made import FakeSupervisor, session
from tests.gui.window.test_comfort import scaled

__all__ = ["scaled"]

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: Any, make_window: MakeWindow) -> MainWindow:
    made = make_window(FakeSupervisor(TARGETS[:2]))
    made.chart.load_plot()
    made.controller.show_session(session(TARGETS[:2]))
    qtbot.waitUntil(lambda: bool(made.controller.rows))
    return made


def test_many_variants_lead_to_the_heat_map_and_advice_is_folded(qtbot: Any, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.panel(AdvicePanel).found))
    assert "more:" not in window.panel(AdvicePanel).text.toHtml()
    window.controller.show_session(crowded())
    qtbot.waitUntil(lambda: len(window.panel(AdvicePanel).found) > 20)
    head, advice = window.chart.head, window.panel(AdvicePanel)
    assert head.map.isVisible()
    assert head.map.text() == "All 40 as a heat map"
    head.map.click()
    assert window.chart.view.mode == "heatmap"
    assert not head.map.isVisible()
    whole, text = len(advice.found), advice.text.toPlainText()
    assert text.count("matvec on") < whole / 2
    place = re.findall(r'href="(more:[^"]+)"', advice.text.toHtml())[0]
    advice._on_link(QUrl(place))
    assert advice.text.toPlainText().count("matvec on") > text.count("matvec on")
    advice.copy()
    assert QApplication.clipboard().text().count("\n- ") == whole


def test_the_finding_leads_to_its_case(window: MainWindow) -> None:
    answer = window.chart.head.answer
    name = answer.whole.partition(" is ")[0]
    QTest.mouseClick(answer, Qt.MouseButton.LeftButton)
    assert window.controller.chosen.name == name
    window.controller.choose(None)
    window.chart.figure.canvas._point(None)
    window.actions_["panel_chart"].trigger()
    assert window.chart.figure.canvas.hasFocus()
    QTest.keyClick(window.chart.figure.canvas, Qt.Key.Key_Return)
    assert window.controller.chosen.name == name


def test_each_panel_takes_the_keys(qtbot: Any, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: bool(window.panel(AdvicePanel).found))
    for name, dock in window.workspace.docks.items():
        window.workspace.show_panel(name)
        focus = QApplication.focusWidget()
        assert focus is not None
        assert dock.widget().isAncestorOf(focus) or focus is dock.widget()
        assert focus.focusPolicy() != Qt.FocusPolicy.NoFocus, name


def test_a_pop_over_ticks_all_and_hands_on_what_is_not_its_own(qtbot: Any, window: MainWindow) -> None:
    chips, grid = window.kernels.chips, window.kernels.variants
    window.kernels.open("variants")
    line = chips["variants"].pop_over.line
    assert "Ctrl+Enter" in line.placeholderText()
    line.setText("f16-storage")
    QTest.keyClick(line, Qt.Key.Key_Return, CTRL)
    every = {entry.key for entry in grid.entries if "f16-storage" in entry.text and entry.enabled}
    assert every <= set(grid.ticked())
    QTest.keyClick(line, Qt.Key.Key_Return, CTRL)
    assert not every & set(grid.ticked())
    QTest.keyClick(line, Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier)
    assert not chips["variants"].pop_over.isVisible()
    assert chips["sizes"].pop_over.isVisible()
    chips["sizes"].pop_over.close()
    window.kernels.open("targets")
    shown, button = chips["targets"].pop_over, window.kernels.run_button
    at = QPointF(button.mapToGlobal(QPoint(8, 8)))
    press = QMouseEvent(
        QEvent.Type.MouseButtonPress,
        QPointF(shown.mapFromGlobal(at)),
        at,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(shown, press)
    assert not shown.isVisible()
    assert window.controller.running
    window.controller.finish_now()


@pytest.mark.parametrize("scaled", [1.5], indirect=True)
def test_the_chart_is_the_largest_thing_in_a_small_window(
    qtbot: Any, scaled: float, window: MainWindow
) -> None:
    window.resize(1024, 640)
    qtbot.waitUntil(lambda: window.workspace.short)
    canvas, table = window.chart.figure.canvas, window.results
    qtbot.waitUntil(lambda: canvas.height() > 2 * table.table.viewport().height())
    qtbot.waitUntil(lambda: canvas.height() > 200)
    assert canvas.width() > window.width() / 2
    assert table.table.viewport().height() >= table.table.fontMetrics().height(), "a line is seen"
    assert window.chart.read_out.height() < 2 * window.fontMetrics().height()
    plot = canvas.plot.panes[0].item.vb.sceneBoundingRect()
    assert plot.height() > 100
    window.chart.read_out.say("A long line about a point of the chart. " * 9, 1)
    assert window.chart.read_out.text().endswith("…")
    assert window.chart.read_out.toolTip().count("about a point") == 9
    window.resize(1280, 1200)
    qtbot.waitUntil(lambda: not window.workspace.short)
    assert window.chart.read_out.height() >= 2 * window.fontMetrics().height()
