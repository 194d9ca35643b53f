"""The table: rows below their targets, folded, in the same filter as the chart."""

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication

from app.charts.headline import foremost
from app.findings.rows import rows
from app.gui.parts.memory import Memory
from app.gui.results.columns import COLUMNS
from app.gui.results.results_model import ResultsModel
from app.gui.results.results_proxy import ResultsProxy
from app.gui.window.window import MainWindow
from app.workloads import workloads
from tests.gui.conftest import MakeWindow
from tests.gui.made import session

TITLES = [column.title for column in COLUMNS]


@pytest.fixture
def window(qtbot: Any, make_window: MakeWindow) -> MainWindow:
    made = make_window()
    made.controller.show_session(session())
    qtbot.waitUntil(lambda: bool(made.controller.rows))
    return made


def cells(proxy: ResultsProxy, index: QModelIndex) -> dict[str, str]:
    return {title: index.siblingAtColumn(i).data() for i, title in enumerate(TITLES)}


def test_a_target_says_what_is_fastest_there(window: MainWindow) -> None:
    panel = window.results
    targets = [cells(panel.proxy, line) for line in panel.proxy.groups()]
    assert [line["Target"] for line in targets] == ["Full (Vulkan)", "Bare (OpenGL)"]
    assert not any(map(panel.table.isExpanded, panel.proxy.groups())), "folded"
    first = targets[0]
    assert (first["Variant"], first["Size"]) == ("u8-dot4", "64")
    assert first["Speedup"].startswith("4.00×")
    assert first["Notes"] == "the fastest of 15 results"
    assert targets[1]["Notes"] == "the fastest of 15 results; 3 unsupported"
    window.results.filter.setText("bare unsupp")
    (line,) = panel.proxy.groups()
    assert cells(panel.proxy, line)["Notes"] == (
        "3 results, none surely faster than its baseline; 3 unsupported"
    )
    assert panel.table.isExpanded(line), "what a filter lets through is seen"
    assert panel.count.text() == "3 of 30 results"
    assert window.chart.picture is None, "the chart has the same filter"
    window.results.filter.setText("")
    assert not any(map(panel.table.isExpanded, panel.proxy.groups())), "and folded again"


def test_a_line_of_a_target_stands_for_its_fastest_case(qtbot: Any, window: MainWindow) -> None:
    panel, control = window.results, window.controller
    line = panel.proxy.groups()[0]
    place = panel.table.visualRect(line.siblingAtColumn(1)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert control.chosen == foremost(window.chart.picture)
    assert not panel.table.isExpanded(panel.proxy.groups()[0]), "nothing unfolds under the pointer"
    control.rows_changed.emit()
    assert panel.proxy.is_group(panel.table.currentIndex())
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert len(QApplication.clipboard().text().splitlines()) == 16, "all rows of the target, with a head"
    other = next(row for row in control.rows if row.name == "u8" and row.target.id == "bare")
    control.choose(other)
    assert panel.proxy.row(panel.table.currentIndex()) == other
    assert panel.table.isExpanded(panel.table.currentIndex().parent())
    assert panel.table.visualRect(panel.table.currentIndex()).isValid()
    qtbot.keyClick(panel.table, Qt.Key.Key_Left)
    qtbot.keyClick(panel.table, Qt.Key.Key_Left)
    assert not panel.table.isExpanded(panel.proxy.groups()[1]), "the arrow keys fold"
    control.rows_changed.emit()
    assert not panel.table.isExpanded(panel.proxy.groups()[1])


def test_targets_sort_by_their_fastest(window: MainWindow) -> None:
    proxy, table = window.results.proxy, window.results.table
    table.sortByColumn(TITLES.index("Target"), Qt.SortOrder.AscendingOrder)
    assert [line.data() for line in proxy.groups()] == ["Bare (OpenGL)", "Full (Vulkan)"]
    table.sortByColumn(TITLES.index("Median"), Qt.SortOrder.DescendingOrder)
    for line in proxy.groups():
        medians = [row.summary.median for row in proxy.below(line) if row.summary]
        assert medians == sorted(medians, reverse=True)
    table.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert [row.index for row in proxy.below(proxy.groups()[0])] == sorted(
        row.index for row in proxy.below(proxy.groups()[0])
    )


def test_rows_may_stand_in_one_list(window: MainWindow, make_window: MakeWindow, memory: Memory) -> None:
    panel = window.results
    panel.by_target.click()
    assert panel.proxy.groups() == [QModelIndex()]
    assert panel.proxy.rowCount() == 30
    assert panel.proxy.index(0, 0).data() == "Full (Vulkan)"
    assert memory.read("grouped", True) is False
    assert not make_window().results.by_target.isChecked()


def test_lines_below_targets_grow_without_a_reset(qtbot: Any) -> None:
    whole = rows(session(), workloads())
    model = ResultsModel()
    proxy = ResultsProxy(model)
    model.show_rows(whole[:4], grouped=True)
    line = proxy.groups()[0]
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    proxy.set_filter("bare")
    for count in (7, 9, 20, len(whole)):
        model.show_rows(whole[:count], grouped=True)
        assert sum(map(model.rowCount, map(model.index, range(model.rowCount()), [0] * 2))) == count
    assert not resets
    assert [row.target.id for row in proxy.below(proxy.groups()[0])] == ["bare"] * 15, "come since the filter"
    proxy.set_filter("")
    seen = [row.index for line in proxy.groups() for row in proxy.below(line)]
    assert sorted(seen) == [row.index for row in whole]
    assert all(proxy.row(proxy.place(i)) == row for i, row in enumerate(whole))
    assert not line.parent().isValid()
    model.show_rows(whole[10:], grouped=True)
    assert resets
