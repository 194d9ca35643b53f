"""The details of a chosen case: samples, figures, costs, and the ways to its text."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.core.ceilings import Ceilings
from app.core.code import Summary
from app.core.measurement import Costs, Measurement, Status
from app.findings.reasons import Cause, Reason
from app.findings.rows import Row, rows
from app.gui.results.details import as_text, facts
from app.gui.results.details_panel import LINGER_MS
from app.gui.results.samples_view import SamplesView
from app.gui.results.why import Evidence, baseline_of, parts, why
from app.gui.source.panel import Page
from app.gui.state.controller import Controller
from app.gui.window.window import MainWindow
from app.storage.files import load, save
from app.workloads import workloads
from tests.gui.conftest import MakeWindow
from tests.gui.made import BAD, FULL, FakeSupervisor, noted, session
from tests.gui.state.test_run import finish


def found(spoil: Any = lambda m: m) -> list[Row]:
    return rows(session(spoil=spoil), workloads())


def with_outlier(m: Measurement) -> Measurement:
    middle = m.samples[0]
    noisy = tuple(middle * (1 + 0.01 * np.sin(i)) for i in range(24))
    costs = Costs(0.012, 0.003, 0.001, module_bytes=1846, code_bytes=3072)
    return structs.replace(m, samples=(*noisy, 3 * middle), costs=costs)


def test_facts_say_all_there_is(qtbot: Any) -> None:
    row = next(row for row in found(with_outlier) if row.variant.name == "u8-dot4")
    words = dict(facts(row))
    assert words["Status"] == "ok"
    assert "95 %" in words["Median"]
    assert "faster" in words["Against baseline"]
    assert words["Samples"] == "25, each over 100 runs; 1 outlier"
    assert words["Stopped"] == "narrow enough"
    assert "rows_per_thread=8" in words["Parameters"]
    times = "compile 12.0 ms, upload 3.00 ms, first run 1.00 ms"
    assert words["Costs"] == f"{times}, module 1.80 KiB, machine code 3 KiB"
    assert "tolerance" in words["Error"]
    text = as_text(row)
    assert text.startswith("u8-dot4 · Full (Vulkan) · matvec 64\n")
    assert len(text.splitlines()[-1].removeprefix("samples in seconds: ").split()) == 25


def test_visits_cpu_seconds_and_instances_are_told() -> None:
    row = next(row for row in found(noted) if row.variant.name == "u8-dot4")
    words = dict(facts(row))
    assert words["Samples"] == "12; no outliers"
    assert words["Visits"] == "12 of 14 short batches of 100 runs, 12 % of them disturbed"
    assert words["CPU time"].startswith("974 ns (95 %: ")
    assert "; by these 4.00× faster (4.00–4.00)" in words["CPU time"]
    assert "Instances" not in words
    several = next(iter(found(lambda m: structs.replace(noted(m), instances=3, disturbed=(0.0,) * 12))))
    words = dict(facts(several))
    assert words["Instances"] == "3, visited in turn"
    assert words["Visits"].endswith("none of them disturbed")


def test_a_wrong_result_has_its_reason_and_no_figures() -> None:
    def spoil(m: Measurement) -> Measurement:
        return structs.replace(m, status=Status.WRONG, reason="relative error 0.5", error=BAD)

    words = dict(facts(found(spoil)[1]))
    assert words["Status"] == "wrong result: relative error 0.5"
    assert not {"Median", "Against baseline", "Rate"} & words.keys()


def test_the_picture_shows_each_sample_and_flags_outliers(qtbot: Any) -> None:
    row = next(row for row in found(with_outlier) if row.variant.name == "u8-dot4")
    view = SamplesView()
    qtbot.addWidget(view)
    view.resize(320, 76)
    view.show_row(row)
    assert list(np.flatnonzero(view.odd)) == [24]
    low, high = view.bounds()
    assert low < min(row.measurement.samples)
    assert high < 1.5 * row.summary.median
    places = [view.place(i) for i in range(25)]
    assert all(a.x() < b.x() for a, b in pairwise(places))
    assert view.rect().contains(places[24].toPoint())
    assert view.words_at(places[24]).endswith("an outlier")
    assert view.words_at(places[3]).startswith("Sample 4: ")
    assert not view.grab().isNull()


def test_equal_samples_and_none_are_drawn_too(qtbot: Any) -> None:
    for samples in ((1e-3,) * 8, (1e-3,), ()):
        row = found(lambda m, s=samples: structs.replace(m, samples=s))[0]
        view = SamplesView()
        qtbot.addWidget(view)
        view.resize(320, 76)
        view.show_row(row)
        assert not view.grab().isNull()


def test_what_is_pointed_at_is_shown_meanwhile(qtbot: Any, make_window: MakeWindow) -> None:
    """Once the pointer stays there, and no longer; a choice counts at once."""
    window = ran(qtbot, make_window)
    details, focus, (first, second, third, *_) = (
        window.details,
        window.controller.focus,
        window.controller.rows,
    )
    window.controller.choose(first)
    focus.point(second)
    focus.point(third)
    assert details.row is first
    qtbot.waitUntil(lambda: details.row is third)
    assert details.title.whole == third.name
    focus.point(None)
    qtbot.waitUntil(lambda: details.row is first)
    focus.point(third)
    window.controller.choose(second)
    assert details.row is second
    qtbot.wait(2 * LINGER_MS)
    assert details.row is second


def ran(qtbot: Any, make_window: MakeWindow) -> MainWindow:
    window = make_window(FakeSupervisor((FULL,)))
    window.actions_["run"].trigger()
    finish(qtbot, window)
    return window


def test_a_line_of_the_results_is_one_click_from_its_details(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    details, table = window.details, window.results.table
    assert "Choose a line" in details.facts.text()
    assert not details.buttons["Source"].isEnabled()
    place = table.visualRect(window.results.proxy.index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    row = window.results.model.rows[2]
    assert details.row == row
    assert row.variant.name == details.title.whole
    details.buttons["Copy"].click()
    assert QApplication.clipboard().text() == as_text(row)
    details.buttons["Diff"].click()
    assert window.source.isVisible()
    assert window.source.pages.currentIndex() == Page.DIFF
    assert window.source.choice.kernel.variant == row.variant
    details.buttons["Source"].click()
    assert window.source.code.toPlainText() == "text"
    assert "The text that ran" in window.source.origin.whole


def test_a_point_of_the_chart_is_one_click_from_its_details(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    window.workspace.docks["details"].hide()
    row = window.controller.rows[3]
    window.chart.row_chosen.emit(row)
    assert window.details.isVisible()
    assert window.details.row == row
    line = window.results.table.currentIndex()
    assert window.results.proxy.row(line) == row


def test_the_chosen_line_stays_chosen_where_lines_come_and_go(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    control, table = window.controller, window.results.table
    row = control.rows[7]
    control.choose(row)
    for shown in (control.rows[5:], control.rows[:5], control.rows):
        control.rows = shown
        control.rows_changed.emit()
        index = table.currentIndex()
        assert index.isValid() == (row in shown)
        assert not index.isValid() or window.results.proxy.row(index) == row
        assert control.chosen == row


def test_run_again_measures_that_case_with_its_base_line(
    qtbot: Any, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = ran(qtbot, make_window)
    control = window.controller
    before, old = control.session, figures(control)
    row = next(r for r in control.rows if r.variant.name == "u8" and r.measurement.case.shape.rows == 1024)
    control.choose(row)
    window.details.buttons["Run again"].click()
    finish(qtbot, window)
    (again,) = [m.case for m in control.session.measurements if m.run]
    assert (again.variant, again.shape.rows, again.name) == ("u8", 1024, "u8, again 1")
    assert [(m.case.variant, m.run) for m in control.session.bases] == [("f32", 1)]
    assert len(control.session.measurements) == len(before.measurements) + 1
    qtbot.waitUntil(lambda: window.details.row.name == "u8, again 1")
    assert window.details.title.text().startswith("u8, again 1")
    assert "the baseline is that of the run that it was added with" in window.details.facts.text()
    line = window.results.table.currentIndex()
    assert window.results.proxy.row(line) == window.details.row
    assert {case: figures(control)[case] for case in old} == old, "no row that was there changes"
    base = next(r for r in control.rows if r.is_baseline and r.measurement.case.shape.rows == 1024)
    control.choose(base)
    window.details.buttons["Run again"].click()
    finish(qtbot, window)
    qtbot.waitUntil(lambda: window.details.row.name == "f32, again 1")
    assert window.details.row.is_baseline
    assert {case: figures(control)[case] for case in old} == old
    path = tmp_path / "a.kernelscope.json"
    save(control.kept(), path)
    assert load(path) == control.kept()


def figures(control: Controller) -> dict[str, bytes]:
    """All that rows say of each case, but for their place in the table."""
    return {
        str(row.measurement.case): msgspec.json.encode(structs.replace(row, index=0)) for row in control.rows
    }


def test_the_inspector_says_why_in_one_sentence() -> None:
    known = rows(session(), workloads())
    row = next(r for r in known if r.name == "u8-dot4" and r.measurement.case.shape.rows == 256)
    base = baseline_of(row, known)
    assert base is not None
    assert (base.name, base.target) == ("f32", row.target)
    assert base.measurement.case.shape == row.measurement.case.shape
    ceilings = Ceilings(date="2026-11-03", read=1e11, flops={"u8": 1e13}, floor=1e-7)
    near = structs.replace(row, of_ceiling=0.5)
    sentence = why(near, base, ceilings)
    assert sentence.startswith("Moves 65.2 KiB a run, ")
    assert "a quarter of what f32 moves, at " in sentence
    assert "50 % of the most that memory allows here" in sentence
    assert sentence.endswith("neighbouring threads read words whole rows apart.")
    slow = Ceilings(date="2026-11-03", read=1e15, flops={"u8": 1e9})
    assert "the most that arithmetic allows" in why(near, base, slow)
    assert "any launch" in why(structs.replace(row, launch_bound=True), base, ceilings)
    assert "what f32 moves" not in why(base, baseline_of(base, known), None)
    assert why(structs.replace(row, summary=None), base, ceilings) == ""


def test_the_sentence_names_what_the_code_needs_and_workgroups_that_are_too_few() -> None:
    known = rows(session(), workloads())
    row = next(r for r in known if r.name == "u8-dot4" and r.measurement.case.shape.rows == 256)
    base = baseline_of(row, known)
    assert base is not None
    lean = Summary(loop=50, cost=0.78, counts={"useful": 16})
    worse = Summary(loop=52, cost=3.25, spills=4)
    row = structs.replace(row, measurement=structs.replace(row.measurement, code=lean))
    base = structs.replace(base, measurement=structs.replace(base.measurement, code=worse))
    assert "; its hot loop needs 0.78 instructions a multiply-add, f32 3.2; " in why(row, base, None)
    assert "3.2 instructions a multiply-add, and goes to the stack 4 times a turn" in why(base, None, None)
    few = Reason(Cause.WORKGROUPS, "2 workgroups cannot fill 8 cores")
    ceilings = Ceilings(date="2026-11-03", read=1e11, flops={"u8": 1e13})
    told = parts(structs.replace(row, reason=few, of_ceiling=0.1), base, ceilings)
    assert (": 2 workgroups cannot fill 8 cores", Evidence.LIMIT) in told
    assert [evidence for _, evidence in told] == list(dict.fromkeys(evidence for _, evidence in told))


def test_each_part_of_the_sentence_leads_to_its_evidence(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    row = next(r for r in window.controller.rows if r.name == "u8")
    window.controller.choose(row)
    assert "href='access'" in window.details.why.text()
    window.details.why.linkActivated.emit("access")
    assert window.source.pages.currentIndex() == Page.ACCESS
    assert window.source.choice.kernel.variant.name == "u8"
    window.details.why.linkActivated.emit("limit")
    assert window.chart.view.mode == "roofline"
    assert window.details.row is not None
    assert window.details.row.name == "u8"


def test_the_inspector_says_the_answer_first(qtbot: Any, make_window: MakeWindow) -> None:
    window = ran(qtbot, make_window)
    details, control = window.details, window.controller
    row = next(r for r in control.rows if r.name == "u8")
    control.choose(row)
    assert details.answer.whole == row.verdict
    assert details.correct.whole.startswith("Correct, error ")
    assert details.place.whole == f"Full (Vulkan) · matvec {row.size}"
    control.choose(next(r for r in control.rows if r.is_baseline))
    assert details.answer.whole == "the baseline"
    assert details.isVisible()
    control.choose(None)
    assert not details.answer.isVisible()
