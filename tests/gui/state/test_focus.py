"""What chart, legend and table share: the filter and what is pointed at; a stopped run that goes on."""

from typing import Any

from msgspec import structs
from PySide6.QtCore import QModelIndex, QPoint

from app.core.measurement import Status
from app.findings.rows import rows
from app.gui.window.window import MainWindow
from app.workloads import workloads
from tests.charts.made import both_sides
from tests.gui.conftest import MakeWindow
from tests.gui.made import FakeSupervisor


def shown(window: MainWindow) -> MainWindow:
    control = window.controller
    control.session = both_sides()
    control.rows = rows(control.session, workloads())
    control.session_changed.emit()
    control.rows_changed.emit()
    return window


def test_the_filter_of_the_table_is_that_of_the_chart(make_window: MakeWindow) -> None:
    window = shown(make_window())
    chart = window.chart
    every = set(chart.picture.keys)
    window.results.filter.setText("u8")
    assert {variant for _, variant in chart.picture.keys} == {"u8", "u8-dot4"}
    window.results.filter.setText("nothing like it")
    assert chart.picture is None
    assert chart.placeholder.text.startswith("Nothing passes the filter")
    chart.placeholder.button.click()
    assert window.results.filter.text() == ""
    assert chart.picture is not None
    assert set(chart.picture.keys) == every


def test_what_is_pointed_at_is_in_focus_everywhere(qtbot: Any, make_window: MakeWindow) -> None:
    window = shown(make_window())
    chart, table = window.chart, window.results
    spot = chart.picture.spots[3]
    chart.figure.canvas._point(spot)
    folded = QModelIndex(table._marker.marked)
    assert table.proxy.is_group(folded), "its target's line stands for it"
    assert folded.data() == spot.row.target.label
    table.table.expandAll()
    window.controller.focus.point(None)
    window.controller.focus.point(spot.row)
    assert table.proxy.row(QModelIndex(table._marker.marked)).index == spot.row.index
    other = next(row for row in window.controller.rows if row.name != spot.row.name and row.speedup)
    window.controller.focus.point(other)
    assert chart.figure.canvas._at.row.index == other.index
    assert chart.figure.canvas.plot._look.focus == other.name
    window.controller.focus.point(None)
    assert chart.figure.canvas._at is None
    assert not table._marker.marked.isValid()


def test_the_chart_tells_its_values_as_text(make_window: MakeWindow) -> None:
    chart = shown(make_window()).chart
    said = chart.figure.canvas.accessibleDescription()
    spot = next(spot for spot in chart.picture.spots if spot.row.speedup and not spot.row.is_baseline)
    assert f"{spot.row.label} at {spot.row.size}: {chart.picture.y.words(spot.y)}" in said
    assert chart.head.answer.whole in chart.figure.canvas.accessibleName()


def test_messages_move_nothing(qtbot: Any, make_window: MakeWindow) -> None:
    window = shown(make_window())
    before = window.workspace.geometry(), window.chart.figure.canvas.mapTo(window, QPoint())
    window.messages.say("warning", "Something happened. " * 20)
    qtbot.wait(20)
    assert window.messages.isVisible()
    assert (window.workspace.geometry(), window.chart.figure.canvas.mapTo(window, QPoint())) == before
    room = window.messages.parentWidget().rect()
    assert room.contains(window.messages.geometry())
    assert window.messages.geometry().bottom() > room.height() - 20


def test_a_stopped_run_goes_on_with_what_is_missing(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor(pace=0.0005))
    control = window.controller
    window.actions_["run"].trigger()
    qtbot.waitUntil(lambda: control._run.progress.finished >= 3)
    control.stop()
    qtbot.waitUntil(lambda: not control.running)
    qtbot.waitUntil(lambda: len(control.rows) == len(control.session.measurements))
    plan = control.session.plan
    done = {str(m.case): m for m in control.session.measurements if m.status is Status.OK}
    left = len(plan.cases) - len(done)
    assert 0 < left < len(plan.cases)
    assert window.chart.head.resume.text() == f"Resume ({left} left)"
    assert window.progress.words.text() == f"{len(done)} of {len(plan.cases)}, stopped"
    window.actions_["resume"].trigger()
    assert control.running
    qtbot.waitUntil(lambda: not control.running)
    qtbot.waitUntil(lambda: len(control.rows) == len(plan.cases))
    assert control.session.plan.cases == plan.cases
    after = {str(m.case): m for m in control.session.measurements}
    assert {case: structs.replace(after[case], kernel=m.kernel) for case, m in done.items()} == done
    assert {m.status for m in control.session.measurements} == {Status.OK}
    assert all(row.speedup for row in control.rows if not row.is_baseline)
    assert not window.chart.head.resume.isVisible()
    assert control.left == 0
