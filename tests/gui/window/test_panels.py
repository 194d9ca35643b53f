"""Each panel by itself."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QModelIndex, Qt, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QToolButton

from app.catalog.request import chosen, key
from app.core.measurement import Error, Measurement, Status
from app.core.shape import Shape
from app.findings.rows import rows
from app.gui.parts.memory import Memory
from app.gui.results.columns import COLUMNS
from app.gui.results.details import facts
from app.gui.results.results_model import ResultsModel
from app.gui.results.results_proxy import ResultsProxy
from app.gui.source.choice import Kernel
from app.workloads import workloads
from tests.charts.made import TIED
from tests.gui.conftest import MakeWindow
from tests.gui.made import BAD, BARE, FULL, NATIVE, SHAPES, WASM, FakeSupervisor, noted, session

TITLES = [column.title for column in COLUMNS]


def test_variants_that_cannot_run_say_why(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, BARE, WASM, NATIVE)))
    kernels = window.kernels
    entry = kernels.variants.entry("wgsl/f16")
    assert entry.enabled
    assert entry.reason == "Bare (OpenGL) has no shader-f16"
    assert "Bare (OpenGL) has no shader-f16 (the adapter does not offer it)" in entry.tip
    kernels.targets.set_ticked("full", False)
    entry = kernels.variants.entry("wgsl/f16")
    assert not entry.enabled
    assert entry.reason.startswith("Bare (OpenGL) has no shader-f16")
    assert "wgsl/f16" not in kernels.variants.ticked()
    kernels.targets.set_ticked("wasm", False)
    assert not kernels.variants.entry("wasm/f32-simd").enabled
    assert "No ticked target" in kernels.variants.entry("wasm/f32-simd").tip
    kernels.targets.set_ticked("full", True)
    assert kernels.variants.entry("wgsl/f16").enabled
    assert "wgsl/f16" in kernels.variants.ticked()


def test_the_base_line_runs_even_when_unticked(qtbot: Any, make_window: MakeWindow) -> None:
    kernels = make_window(FakeSupervisor((FULL, WASM, NATIVE))).kernels
    assert kernels.baseline.currentText() == "f32 (Wasm: f32-simd)"
    for name in ("wgsl/f32", "wasm/f32-simd", "numpy/f32"):
        kernels.variants.set_ticked(name, False)
    names = {(c.target, c.variant) for c in chosen(kernels.request(), (FULL, WASM, NATIVE)).cases}
    assert {("full", "f32"), ("wasm", "f32-simd")} <= names
    kernels._on_baseline("numpy/f32")
    kernels.targets.set_ticked("numpy", False)
    names = {(c.target, c.variant) for c in chosen(kernels.request(), (FULL, WASM, NATIVE)).cases}
    assert ("numpy", "f32") in names
    assert ("full", "f32") not in names


def test_only_the_quick_variants_start_ticked(qtbot: Any, make_window: MakeWindow, memory: Memory) -> None:
    memory.write("variants_toggled/matvec", [""])
    kernels = make_window(FakeSupervisor((FULL, WASM, NATIVE))).kernels
    kernels.variants.toggled.clear()
    kernels.refresh()
    ticked = set(kernels.variants.ticked())
    for variant in kernels.known:
        entry = kernels.variants.entry(key(variant))
        assert (key(variant) in ticked) is (variant.quick and entry.enabled)


def test_sizes_are_checked_while_typing(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    sizes = window.kernels.sizes
    sizes.line.setText("64, twelve")
    assert sizes.problem.isVisibleTo(sizes)
    assert "twelve" in sizes.problem.text()
    window.actions_["run"].trigger()
    assert not window.controller.running
    assert "size" in window.messages.text
    sizes.line.setText("128, 64, 128, 256x64")
    assert [s.label for s in sizes.shapes] == ["64", "128", "256x64"]
    assert not sizes.problem.isVisibleTo(sizes)
    sizes._menu.actions()[2].trigger()
    assert len(sizes.shapes) == 4


def test_choices_come_back(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.kernels.targets.set_ticked("bare", False)
    window.kernels.variants.set_ticked("wgsl/u8", False)
    window.kernels.sizes.line.setText("64")
    window.kernels.seconds.setValue(0.25)
    window.kernels.operands.cold.setChecked(True)
    assert window.kernels.request().settings.operands == "normal"
    window.kernels.operands.outliers.setChecked(True)
    window.kernels.instances.setValue(3)
    request = window.kernels.request()
    assert request.settings.cold
    assert request.settings.operands == "outliers"
    assert request.settings.instances == 3
    window.kernels._on_baseline("f16-storage")
    window.resize(755, 666)
    window.close()
    again = make_window()
    assert again.kernels.targets.ticked() == ["full"]
    assert "wgsl/u8" not in again.kernels.variants.ticked()
    assert again.kernels.sizes.line.text() == "64"
    assert again.kernels.seconds.value() == 0.25
    assert again.kernels.operands.cold.isChecked()
    assert again.kernels.operands.kind == "outliers"
    assert again.kernels.instances.value() == 3
    assert again.kernels.baseline.baseline == "f16-storage"
    assert again.size().width() == 755


def _spoiled(m: Measurement) -> Measurement:
    if m.case.variant == "u8" and m.case.shape.rows == 64:
        return structs.replace(m, status=Status.WRONG, reason="relative error 0.5", error=BAD)
    return m


def test_wrong_results_have_no_speedup(qtbot: Any) -> None:
    model = ResultsModel()
    model.show_rows(rows(session(spoil=_spoiled), workloads()))
    line = next(i for i, r in enumerate(model.rows) if r.measurement.status is Status.WRONG)
    cells = {title: model.index(line, c).data() for c, title in enumerate(TITLES)}
    assert cells["Status"] == "wrong result"
    assert cells["Rel. error"] == "50 %"
    assert cells["Notes"] == "relative error 0.5"
    assert [cells[t] for t in ("Median", "95 % interval", "Speedup", "GFLOP/s", "GB/s")] == ["–"] * 5


def test_a_result_that_is_not_finite_says_so(qtbot: Any) -> None:
    def spoil(m: Measurement) -> Measurement:
        return structs.replace(m, status=Status.WRONG, error=Error(None, None, None, None, 1e-5))

    model = ResultsModel()
    model.show_rows(rows(session(spoil=spoil), workloads()))
    cells = {title: model.index(0, c).data() for c, title in enumerate(TITLES)}
    assert (cells["Rel. error"], cells["Max. error"]) == ("not finite", "not finite")
    assert dict(facts(model.rows[0]))["Error"] == "not finite"
    ResultsProxy(model).sort(TITLES.index("Rel. error"))


@pytest.mark.parametrize("shapes", [SHAPES, TIED])
def test_results_sort_as_figures(qtbot: Any, shapes: tuple[Shape, ...]) -> None:
    model = ResultsModel()
    proxy = ResultsProxy(model)
    model.show_rows(rows(session(spoil=_spoiled, shapes=shapes), workloads()))
    for title in ("Size", "Median", "Speedup", "Rel. error"):
        column = COLUMNS[TITLES.index(title)]
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            proxy.sort(TITLES.index(title), order)
            places = [proxy.mapToSource(proxy.index(i, 0)).row() for i in range(proxy.rowCount())]
            values = [column.sort(model.rows[i]) for i in places]
            finite = [v for v in values if v != float("inf")]
            assert finite == sorted(finite, reverse=order is Qt.SortOrder.DescendingOrder)
            assert all(v == float("inf") for v in values[len(finite) :])


def test_what_is_learnt_of_a_row_later_is_shown_and_found(qtbot: Any) -> None:
    known = rows(session(), workloads())
    model = ResultsModel()
    model.show_rows(known)
    proxy = ResultsProxy(model)
    proxy.set_filter("cache")
    assert proxy.rowCount() == 0
    with qtbot.waitSignal(model.dataChanged) as told:
        model.show_rows([structs.replace(row, in_cache=row.index == 2) for row in known])
    assert [index.row() for index in told.args[:2]] == [2, 2]
    assert proxy.rowCount() == 1


def test_results_filter_and_copy(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.controller.session = session()
    window.controller.rows = rows(window.controller.session, workloads())
    panel = window.results
    panel.refresh()
    panel.filter.setText("full u8-dot4")
    assert panel.proxy.rowCount(panel.proxy.index(0, 0)) == 3
    assert panel.count.text() == f"3 of {len(window.controller.rows)} results"
    window.workspace.show_panel("results")
    panel.table.setCurrentIndex(panel.proxy.index(0, 0, panel.proxy.index(0, 0)))
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().strip().splitlines()
    assert len(lines) == 2
    assert lines[0].split("\t")[0] == "target"
    assert "u8-dot4" in lines[1].split("\t")
    panel.table.clearSelection()
    panel.copy_markdown()
    assert QApplication.clipboard().text().count("| u8-dot4 |") == 3


def test_cpu_time_is_a_column_where_any_row_has_it(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    column = TITLES.index("CPU time")
    for spoil, hidden in ((noted, False), (lambda m: m, True)):
        window.controller.show_session(session(spoil=spoil))
        qtbot.waitUntil(lambda: bool(window.results.model.rows))
        qtbot.waitUntil(lambda hidden=hidden: window.results.table.isColumnHidden(column) is hidden)
    fast = next(row for row in rows(session(spoil=noted), workloads()) if row.name == "u8-dot4")
    assert COLUMNS[column].text(fast) == "974 ns, 4.00×"


def test_rows_grow_without_a_reset(qtbot: Any) -> None:
    model = ResultsModel()
    whole = rows(session(), workloads())
    model.show_rows(whole[:4])
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    with qtbot.waitSignal(model.rowsInserted):
        model.show_rows(whole)
    assert not resets
    assert model.rowCount(QModelIndex()) == len(whole)


def test_a_heading_ticks_its_group(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM)))
    kernels = window.kernels
    kernels.open("variants")
    section = kernels.variants.sections["WebGPU (WGSL)"]
    buttons = {button.text(): button for button in section.findChildren(QToolButton)}
    told: list[int] = []
    kernels.variants.changed.connect(lambda: told.append(1))
    buttons["None"].click()
    assert not [name for name in kernels.variants.ticked() if name.startswith("wgsl/")]
    assert [name for name in kernels.variants.ticked() if name.startswith("wasm/")]
    assert section.count.text().startswith("0 of ")
    buttons["All"].click()
    able = [e.key for e in kernels.variants.entries if e.group == "WebGPU (WGSL)" and e.enabled]
    assert set(able) <= set(kernels.variants.ticked())
    buttons["Usual"].click()
    quick = {key(v) for v in kernels.known if v.quick and key(v) in able}
    assert quick == {name for name in kernels.variants.ticked() if name.startswith("wgsl/")}
    assert len(told) == 3, "each is one change, however many cells it turns"


def test_nothing_is_read_behind_a_tab(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM, NATIVE)))
    window.show()
    qtbot.waitExposed(window)
    assert not window.source.isVisible()
    assert not window.source.code.toPlainText()
    window.workspace.bring("source")
    qtbot.waitUntil(lambda: "fn main" in window.source.code.toPlainText())
    window.workspace.bring("chart")
    window.source.show_variant(next(v for v in window.kernels.known if v.name == "f16"))
    qtbot.waitUntil(lambda: "enable f16" in window.source.code.toPlainText())


def test_a_panel_of_its_own_window_is_caught_up_with(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM, NATIVE)))
    dock, source = window.workspace.docks["source"], window.source
    window.workspace.bring("source")
    dock.setFloating(True)
    assert window.workspace.page == "chart", "what leaves the middle leaves it to another"
    qtbot.waitUntil(lambda: "fn main" in source.code.toPlainText())
    dock.hide()
    half = next(v for v in window.kernels.known if v.name == "f16")
    source.bar.show_choice(replace(source.choice, kernel=Kernel(half)))
    assert "enable f16" not in source.code.toPlainText()
    dock.show()
    qtbot.waitUntil(lambda: "enable f16" in source.code.toPlainText())


def test_panels_pulled_in_a_larger_window_fit_a_small_one(qtbot: Any, make_window: MakeWindow) -> None:
    said: list[str] = []
    before = qInstallMessageHandler(lambda _kind, _where, text: said.append(text))
    window = make_window()
    window.workspace.pulled = {"details": 4000, "results": 3000}
    window.resize(720, 480)
    window.workspace._hold()
    window.source.access.resize(0, 0)
    qtbot.wait(1)
    qInstallMessageHandler(before)
    assert not [text for text in said if "resizeDocks" in text or "Negative" in text]
    assert window.chart.width() > 1
