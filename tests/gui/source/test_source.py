"""The source panel: what is shown, found, compared, edited and run, over real engines where it runs."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QTextCursor
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from app.catalog.index import find
from app.catalog.programs import source
from app.core.diff import PairKind
from app.core.measurement import Status
from app.core.pairs import ratio
from app.core.target import Runtime
from app.gui.parts.theme import DARK, LIGHT, Theme
from app.gui.source.access_picture import inks
from app.gui.source.code_view import CodeView
from app.gui.source.highlighter import INKS, spans
from app.gui.source.panel import Page, SourcePanel
from app.gui.window.window import MainWindow
from app.storage.edits import kept_edits
from app.storage.files import load
from tests.gui.conftest import MakeWindow, SharedSupervisor
from tests.gui.made import FULL, WASM, FakeSupervisor
from tests.gui.results.test_details import figures
from tests.gui.state.test_run import finish

pytestmark = pytest.mark.usefixtures("own_data")

LONG = 60_000


def open_source(window: MainWindow, name: str) -> SourcePanel:
    """Choose a variant as a user does."""
    panel = window.source
    window.workspace.show_panel("source")
    box = panel.bar.variant
    found = [i for i in range(box.count()) if box.itemText(i).startswith(f"{name}  (")]
    box.setCurrentIndex(found[0])
    box.activated.emit(found[0])
    return panel


def inked(view: CodeView, line: int) -> dict[str, QColor]:
    """The coloured stretches of a line."""
    block = view.document().findBlockByNumber(line)
    return {
        block.text()[r.start : r.start + r.length]: r.format.foreground().color()
        for r in block.layout().formats()
    }


def contrast(a: str, b: str) -> float:
    def light(ink: str) -> float:
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(ink).getRgbF()[:3]
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_ink_reads_well_in_both_themes() -> None:
    for light, dark in INKS.values():
        assert contrast(light, LIGHT.base) >= 4.5
        assert contrast(dark, DARK.base) >= 4.5


@pytest.mark.parametrize(
    ("workload", "name", "runtime", "language"),
    [
        ("matvec", "u8-dot4+subgroup", Runtime.WGSL, "wgsl"),
        ("matmul", "f32-relaxed", Runtime.WASM, "wat"),
        ("matvec", "f32", Runtime.NUMPY, "python"),
    ],
)
def test_every_line_of_a_text_is_read_where_it_stands(
    workload: str, name: str, runtime: Runtime, language: str
) -> None:
    variant = find(workload, name, runtime)
    lines = source(variant, {p.name: p.gpu for p in variant.parameters}).split("\n")
    found = spans("\n".join(lines), language)
    assert len(found) == len(lines)
    words = {
        line[start : start + length]
        for line, own in zip(lines, found, strict=True)
        for start, length, _ in own
    }
    assert (
        words >= {"wgsl": {"fn", "u32"}, "wat": {"module", "f32x4.relaxed_madd"}, "python": {"def"}}[language]
    )


def test_the_text_is_highlighted_and_follows_theme_and_choice(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM)))
    panel = open_source(window, "u8-dot4")
    text = panel.code.toPlainText()
    assert text == source(
        find("matvec", "u8-dot4", Runtime.WGSL), {"rows_per_thread": 8, "workgroup_size": 64, "unroll": 1}
    )
    line = text.split("\n").index("requires packed_4x8_integer_dot_product;")
    assert inked(panel.code, line)["requires"] == QColor(ink("Token.Keyword")[0])
    window.theme.choose(Theme.DARK)
    qtbot.waitUntil(lambda: inked(panel.code, line)["requires"] == QColor(ink("Token.Keyword")[1]))
    window.theme.choose(Theme.LIGHT)
    open_source(window, "f32-relaxed")
    assert panel.code.toPlainText().startswith(";; matvec f32-relaxed")
    assert "(module" in panel.code.toPlainText()
    assert "As it would run" in panel.origin.whole


def ink(name: str) -> tuple[str, str]:
    return next(inks for kind, inks in INKS.items() if str(kind) == name)


def test_parameters_change_the_text(qtbot: Any, make_window: MakeWindow) -> None:
    panel = open_source(make_window(), "f32")
    assert "Each thread walks 8 rows" in panel.code.toPlainText()
    choices = panel.bar.menus["rows_per_thread"].actions()
    next(action for action in choices if action.text() == "2").trigger()
    assert "Each thread walks 2 rows" in panel.code.toPlainText()
    assert "rows_per_thread=2" in panel.bar.parameters.toolTip()


def test_a_text_is_shown_anew_only_when_it_is_another(qtbot: Any) -> None:
    view = CodeView("Text")
    qtbot.addWidget(view)
    changes: list[str] = []
    odd = "a\u00a0b\r\nc\n"
    view.show_text(odd, "wgsl")
    view.textChanged.connect(lambda: changes.append(view.toPlainText()))
    view.show_text(odd, "wgsl")
    assert not changes
    view.show_text("b", "wgsl")
    view.set_editable(True)
    qtbot.keyClicks(view, "x")
    view.show_text("b", "wgsl")
    assert view.toPlainText() == "b"


def test_typing_paints_what_it_changed_and_nothing_else(qtbot: Any) -> None:
    view = CodeView("Text")
    qtbot.addWidget(view)
    lines = ["// a comment", "fn main() {", "  let a = 1u;", "}", "/* b", "c */"]
    view.show_text("\n".join(lines), "wgsl")
    view.set_editable(True)
    fresh = CodeView("Fresh")
    qtbot.addWidget(fresh)
    cursor = QTextCursor(view.document())
    for place, words in (
        (0, "oops\n"),
        (30, "/* "),
        (12, "let b = 2u;\n"),
        (3, "\n\n"),
        (50, " */ fn x() {}"),
    ):
        cursor.setPosition(place)
        cursor.insertText(words)
        fresh.show_text(view.toPlainText(), "wgsl")
        count = view.blockCount()
        assert [inked(view, i) for i in range(count)] == [inked(fresh, i) for i in range(count)]
    cursor.setPosition(2)
    cursor.setPosition(20, QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    fresh.show_text(view.toPlainText(), "wgsl")
    count = view.blockCount()
    assert [inked(view, i) for i in range(count)] == [inked(fresh, i) for i in range(count)]


def test_find_marks_all_and_walks(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = open_source(window, "f32")
    panel.code.setFocus()
    qtbot.keyClick(panel.code, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert panel.finder.isVisible()
    assert not window.results.filter.hasFocus()
    qtbot.keyClicks(panel.finder.line, "sum1")
    count = panel.code.toPlainText().count("sum1")
    assert panel.finder.count.text() == f"1 of {count}"
    qtbot.keyClick(panel.finder.line, Qt.Key.Key_Return)
    assert panel.finder.count.text() == f"2 of {count}"
    qtbot.keyClick(panel.finder.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(panel.finder.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert panel.finder.count.text() == f"{count} of {count}"
    panel.finder.line.setText("nowhere")
    assert panel.finder.count.text() == "not found"
    qtbot.keyClick(panel.finder.line, Qt.Key.Key_Escape)
    assert not panel.finder.isVisible()
    assert panel.code.hasFocus()


def test_what_was_found_follows_the_text(qtbot: Any, make_window: MakeWindow) -> None:
    panel = begin(make_window(), "f32")
    panel.open_find()
    panel.finder.line.setText("fresh")
    assert panel.finder.count.text() == "not found"
    put(panel, lambda text: f"// fresh\n{text}")
    assert panel.finder.count.text().endswith("of 1")


def test_lines_are_indented_and_made_comments(qtbot: Any) -> None:
    view = CodeView("Text")
    qtbot.addWidget(view)
    view.show_text("fn a() {\n  b();\n\n  c();\n}\n", "wgsl")
    view.set_editable(True)
    ctrl, lines = Qt.KeyboardModifier.ControlModifier, view.textCursor()
    lines.setPosition(10)
    lines.setPosition(24, QTextCursor.MoveMode.KeepAnchor)  # up to the start of the last line
    view.setTextCursor(lines)
    before = view.toPlainText()
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert view.toPlainText() == "fn a() {\n    b();\n\n    c();\n}\n"
    qtbot.keyClick(view, Qt.Key.Key_Backtab)
    assert view.toPlainText() == before
    qtbot.keyClick(view, Qt.Key.Key_Slash, ctrl)
    assert view.toPlainText() == "fn a() {\n  // b();\n\n  // c();\n}\n"
    qtbot.keyClick(view, Qt.Key.Key_Slash, ctrl)
    assert view.toPlainText() == before
    qtbot.keyClick(view, Qt.Key.Key_Z, ctrl)
    assert view.toPlainText() == "fn a() {\n  // b();\n\n  // c();\n}\n"
    view.moveCursor(QTextCursor.MoveOperation.Start)
    for _ in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Backtab)
    assert view.toPlainText().startswith("fn a")
    view.show_text("(a)", "wat")
    qtbot.keyClick(view, Qt.Key.Key_Slash, ctrl)
    assert view.toPlainText() == ";; (a)"
    view.set_editable(False)
    qtbot.keyClick(view, Qt.Key.Key_Slash, ctrl)
    assert view.toPlainText() == ";; (a)"


def test_copies_and_files(
    qtbot: Any, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    panel = open_source(window, "u8-dot4+subgroup")
    window.actions_["copy_text"].trigger()
    text = panel.code.toPlainText()
    assert QApplication.clipboard().text() == text
    window.actions_["copy_web"].trigger()
    assert QApplication.clipboard().text().replace("enable subgroups;\n", "") == text
    path = tmp_path / "a.wgsl"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *a, **k: (str(path), ""))
    window.actions_["save_text"].trigger()
    assert path.read_text() == text


def test_the_diff_is_with_the_base_line_then_with_what_is_chosen(qtbot: Any, make_window: MakeWindow) -> None:
    panel = open_source(make_window(), "f32+coalesced")
    panel.pages.setCurrentIndex(Page.DIFF)
    page = panel.comparison
    assert page.box.currentText() == "f32"
    diff = page.diff
    left, right = diff.left.toPlainText().split("\n"), diff.right.toPlainText().split("\n")
    assert len(left) == len(right) == len(diff.pairs)
    same = [pair.kind is PairKind.SAME for pair in diff.pairs]
    assert [a == b for a, b in zip(left, right, strict=True)] == same
    assert "rows_per_thread=8" in diff._titles[0].whole
    assert diff.right.textCursor().blockNumber() == same.index(False)
    diff.left.verticalScrollBar().setValue(7)
    assert diff.right.verticalScrollBar().value() == 7
    diff.right.setFocus()
    diff.right.go_to(0)
    seen = []
    for _ in range(sum(not alike for alike in same)):
        qtbot.keyClick(diff.right, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        seen.append(diff.right.textCursor().blockNumber())
    starts = [i for i, alike in enumerate(same) if not alike and (i == 0 or same[i - 1])]
    assert set(seen) == set(starts)
    assert diff.left.textCursor().blockNumber() == seen[-1]
    page.box.setCurrentText("u8")
    page.box.activated.emit(page.box.currentIndex())
    assert "unpack4xU8" in diff.left.toPlainText()


def test_a_diff_begins_where_the_texts_differ_and_stays_while_they_are_edited(
    qtbot: Any, make_window: MakeWindow
) -> None:
    panel = begin(make_window(), "f32")
    end = panel.code.blockCount() - 2
    put(panel, lambda text: f"{text}// at the end")
    panel.pages.setCurrentIndex(Page.DIFF)
    diff = panel.comparison.diff
    assert diff.right.textCursor().blockNumber() > end
    diff.right.go_to(5)
    panel.pages.setCurrentIndex(Page.TEXT)
    put(panel, lambda text: f"{text} of it")
    panel.pages.setCurrentIndex(Page.DIFF)
    assert "of it" in diff.right.toPlainText()
    assert diff.right.textCursor().blockNumber() == diff.left.textCursor().blockNumber() == 5


def test_a_double_click_in_the_list_of_variants_shows_the_text(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.kernels.variants.opened.emit("wgsl/u8-dot4")
    assert window.source.isVisible()
    assert "dot4U8Packed" in window.source.code.toPlainText()
    window.kernels.point_at("matvec", ["f16-storage"])
    cells = window.kernels.variants.sections["WebGPU (WGSL)"].cells
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    assert not window.kernels.chips["variants"].pop_over.isVisible()
    assert window.source.choice.kernel.variant.name == "f16-storage"


def test_the_access_pattern_is_shown_for_matvec_in_wgsl(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, WASM)))
    panel = open_source(window, "f32")
    panel.pages.setCurrentIndex(Page.ACCESS)
    view = panel.access
    plain = view.picture.read.copy()
    assert "Plain" in view.lesson.text()
    for name, word in (
        ("f32+swizzle", "Swizzled"),
        ("f32+coalesced", "Coalesced"),
        ("f32+rowwise", "Row by row"),
    ):
        open_source(window, name)
        assert word in view.lesson.text()
        assert view.picture.read.shape != plain.shape or (view.picture.read != plain).any()
    open_source(window, "f32+coalesced")
    assert sorted(view.picture.read[:, 0]) == list(range(8))
    view.step.setValue(1)
    at = view.picture.cell(int(view.picture.read[3, 1])).center()
    assert (
        view.picture.words_at(at.x(), at.y())
        == f"Word {view.picture.read[3, 1]}: thread 3 reads it at step 2"
    )
    image = view.picture.grab().toImage()
    spot = view.picture.cell(int(view.picture.read[3, 1]))
    pixel = image.pixelColor((spot.topLeft() + QPointF(spot.width() * 0.25, spot.height() * 0.25)).toPoint())
    assert pixel == QColor(inks(LIGHT.lines)[3])
    open_source(window, "f32-simd")
    assert not panel.pages.isTabVisible(Page.ACCESS)


def begin(window: MainWindow, name: str) -> SourcePanel:
    panel = open_source(window, name)
    panel.edit()
    assert not panel.code.isReadOnly()
    return panel


def put(panel: SourcePanel, change: Callable[[str], str]) -> None:
    cursor = QTextCursor(panel.code.document())
    text = panel.code.toPlainText()
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.insertText(change(text))
    assert panel.code.toPlainText() != text


def test_what_is_typed_is_kept_for_the_next_start(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = begin(window, "f32")
    put(panel, lambda text: f"// kept\n{text}")
    window.close()
    assert kept_edits()[0].text.startswith("// kept\n")
    again = make_window()
    panel = open_source(again, "f32+mine")
    assert panel.code.toPlainText().startswith("// kept\n")
    assert not panel.code.isReadOnly()
    assert "wgsl/f32+mine" not in again.kernels.variants.ticked()
    assert again.kernels.variants.entry("wgsl/f32+mine").note == "f32, edited"


def test_typing_is_undone_and_survives_looking_elsewhere(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = begin(window, "f32")
    before = panel.code.toPlainText()
    panel.code.setFocus()
    qtbot.keyClicks(panel.code, "// x")
    qtbot.keyClick(panel.code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert panel.code.toPlainText() == before
    qtbot.keyClick(
        panel.code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    typed = panel.code.toPlainText()
    assert typed.startswith("// x")
    open_source(window, "u8")
    assert panel.code.isReadOnly()
    open_source(window, "f32+mine")
    assert panel.code.toPlainText() == typed


def test_what_was_typed_can_be_undone_after_another_text_was_shown(
    qtbot: Any, make_window: MakeWindow
) -> None:
    window = make_window()
    panel = begin(window, "f32")
    before = panel.code.toPlainText()
    put(panel, lambda text: f"// one\n{text}")
    put(panel, lambda text: f"// two\n{text}")
    panel.code.go_to(3)
    begin(window, "u8")
    put(panel, lambda text: f"// other\n{text}")
    open_source(window, "f16")
    panel.code.undo()
    assert panel.code.isReadOnly()
    open_source(window, "f32+mine")
    assert panel.code.textCursor().blockNumber() == 3
    window.theme.choose(Theme.DARK)
    qtbot.waitUntil(lambda: inked(panel.code, 0)["// two"] == QColor(ink("Token.Comment")[1]))
    window.theme.choose(Theme.LIGHT)
    panel.editor.bar.name.setText("f16")  # which is taken
    panel.editor.bar.name.editingFinished.emit()
    panel.editor.bar.name.setText("better")
    panel.editor.bar.name.editingFinished.emit()
    panel.code.setFocus()
    for text in (f"// one\n{before}", before, before):
        qtbot.keyClick(panel.code, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert panel.code.toPlainText() == text
    open_source(window, "u8+mine")
    assert panel.code.toPlainText().startswith("// other\n")
    panel.code.undo()
    assert panel.code.toPlainText() == source_of("u8")
    window.close()
    assert {edit.name: edit.text for edit in kept_edits()} == {"better": before, "u8+mine": source_of("u8")}


def source_of(name: str) -> str:
    variant = find("matvec", name, Runtime.WGSL)
    return source(variant, variant.defaults(FULL))


def test_what_is_typed_into_one_kernel_never_lands_in_another(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    begin(window, "u8")
    panel = begin(window, "f32")
    put(panel, lambda text: f"// for f32\n{text}")
    open_source(window, "u8+mine")
    assert panel.code.toPlainText() == source_of("u8")
    open_source(window, "f32+mine")
    assert panel.code.toPlainText().startswith("// for f32\n")
    window.close()
    assert {edit.name: edit.text for edit in kept_edits()}["u8+mine"] == source_of("u8")


def test_names_are_checked_and_kernels_deleted_only_when_asked_twice(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    panel = begin(window, "f32")
    bar = panel.editor.bar
    bar.name.setText("f16")
    bar.name.editingFinished.emit()
    assert "there is a variant f16 already" in bar.result.whole
    assert bar.name.text() == "f32+mine"
    bar.name.setText("faster")
    bar.name.editingFinished.emit()
    assert [edit.name for edit in kept_edits()] == ["faster"]
    assert panel.choice.kernel.variant.name == "faster"
    bar.name.setText("Faster")
    bar.name.editingFinished.emit()
    assert [edit.name for edit in kept_edits()] == ["Faster"]
    answers = iter((QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Discard))
    monkeypatch.setattr(QMessageBox, "question", lambda *a: next(answers))
    bar.delete.click()
    assert kept_edits()
    bar.delete.click()
    assert not kept_edits()
    assert not panel.choice.kernel.mine


def test_a_deleted_kernel_is_offered_only_by_a_session_that_ran_it(
    qtbot: Any, make_window: MakeWindow
) -> None:
    window = make_window(FakeSupervisor((FULL,)))
    panel = begin(window, "f32")
    window.actions_["run"].trigger()
    finish(qtbot, window)
    window.controller.own.remove(window.controller.own.edits("matvec")[0])
    box = panel.bar.variant
    assert not [i for i in range(box.count()) if "mine" in box.itemText(i)]


@pytest.fixture
def source_window(make_window: MakeWindow, supervisor: Any, targets: Any) -> MainWindow:
    """Over this machine's real targets, quick."""
    window = make_window(SharedSupervisor(supervisor))
    window.kernels.seconds.setValue(0.05)
    return window


def f5(qtbot: Any, panel: SourcePanel, window: MainWindow) -> str:
    panel.code.setFocus()
    qtbot.keyClick(panel.code, Qt.Key.Key_F5)
    assert window.controller.running
    finish(qtbot, window)
    return str(panel.editor.bar.result.whole)


@pytest.mark.parametrize(("name", "comment"), [("f32", "//"), ("f32-simd", ";;")])
def test_a_kernel_of_ones_own_from_error_to_result(
    name: str, comment: str, qtbot: Any, source_window: MainWindow, tmp_path: Path
) -> None:
    window, control = source_window, source_window.controller
    if name == "f32" and not any(t.runtime is Runtime.WGSL for t in control.targets):
        pytest.skip("no adapter here")
    panel = begin(window, name)
    size = panel.bar.shape
    size.setCurrentIndex(0)
    size.activated.emit(0)
    put(panel, lambda text: f"{comment} mine\n  oops\n{text}")
    words = f5(qtbot, panel, window)
    assert "line 2, column 3" in words
    assert panel.code.error_line == 2
    assert "does not compile" in window.messages.text
    assert window.messages.isVisible()
    put(panel, lambda text: text.replace("  oops\n", ""))
    assert "Correct" in f5(qtbot, panel, window), panel.editor.bar.result.whole
    assert panel.code.error_line is None
    assert not window.messages.isVisible()
    rows = {row.variant.name: row for row in control.rows}
    assert rows[f"{name}+mine"].ok
    assert rows[f"{name}+mine"].speedup
    assert rows[name].measurement.case.parameters == rows[f"{name}+mine"].measurement.case.parameters
    window.workspace.show_panel("chart")
    assert any(spot.row and spot.row.variant.name == f"{name}+mine" for spot in window.chart.picture.spots)

    control.path = path = tmp_path / "a.kernelscope.json"
    assert window.files.save()
    text = panel.code.toPlainText()
    assert [edit.text for edit in load(path).plan.edits] == [text]
    control.own.remove(control.own.edits("matvec")[0])
    assert window.files.open(path)
    qtbot.waitUntil(lambda: len(control.rows) == len(rows))
    row = next(row for row in control.rows if row.variant.name == f"{name}+mine")
    control.choose(row)
    window.workspace.show_panel("source")
    assert panel.code.toPlainText() == text
    assert panel.code.isReadOnly()
    assert "Came with the session" in panel.origin.whole
    window.details.buttons["Run again"].click()
    assert not control.running
    assert "not yours" in window.messages.text


def test_a_message_about_a_kernel_goes_when_it_no_longer_holds(qtbot: Any, source_window: MainWindow) -> None:
    window = source_window
    panel = begin(window, "f32-simd")
    panel.bar.shape.setCurrentIndex(0)
    panel.bar.shape.activated.emit(0)
    put(panel, lambda text: f"  oops\n{text}")
    f5(qtbot, panel, window)
    begin(window, "f32-relaxed")
    f5(qtbot, panel, window)
    assert "f32-simd+mine" in window.messages.text
    assert window.messages.isVisible()
    window.controller.begin_session(window.controller.session.plan, ())
    assert not window.messages.isVisible()


def test_a_wrong_kernel_has_no_speedup_and_an_endless_one_costs_only_itself(
    qtbot: Any, source_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window, control = source_window, source_window.controller
    monkeypatch.setattr("app.gui.source.added.STEP_SECONDS", 5.0)
    panel = begin(window, "f32-simd")
    put(panel, lambda text: text.replace("f32x4.add", "f32x4.sub"))
    assert "Wrong result, so no speedup" in f5(qtbot, panel, window)
    row = next(row for row in control.rows if row.variant.name == "f32-simd+mine")
    assert row.measurement.status is Status.WRONG
    assert row.speedup is None
    put(panel, lambda text: text.replace("(local.set ", "(loop $endless (br $endless)) (local.set ", 1))
    panel.code.setFocus()
    qtbot.keyClick(panel.code, Qt.Key.Key_F5)
    panel.code.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(panel.code, ";; typed meanwhile")
    finish(qtbot, window)
    statuses = {row.variant.name: row.measurement.status for row in control.rows}
    assert statuses == {"f32-simd": Status.OK, "f32-simd+mine": Status.FAILED}
    assert panel.code.toPlainText().endswith(";; typed meanwhile")
    assert "no answer for 5 s" in next(r for r in control.rows if r.variant.name.endswith("mine")).note


def test_a_run_is_added_to_what_is_on_screen(qtbot: Any, source_window: MainWindow) -> None:
    window, control = source_window, source_window.controller
    for target in control.targets:
        window.kernels.targets.set_ticked(target.id, target.id in ("wasmtime", "v8"))
    window.kernels.sizes.line.setText("32, 64")
    window.actions_["run"].trigger()
    finish(qtbot, window)
    before, old = control.session, figures(control)
    panel = begin(window, "f32-simd")
    panel.bar.shape.setCurrentIndex(0)
    panel.bar.shape.activated.emit(0)
    put(panel, lambda text: f";; mine\n{text}")
    first = f5(qtbot, panel, window)
    after = control.session
    assert len(after.measurements) == len(before.measurements) + 1
    assert [m.case.name for m in after.measurements if m.run] == ["f32-simd+mine"]
    assert {m.case.variant for m in after.bases} == {"f32-simd"}
    assert [m for m in after.measurements if not m.run] == list(before.measurements)
    row = next(row for row in control.rows if row.measurement.run)
    base = next(m for m in after.bases if m.case.variant == "f32-simd")
    assert row.speedup == ratio(base, row.measurement)
    assert re.search("(against|difference from|As fast as) f32-simd", first)
    assert {case: figures(control)[case] for case in old} == old, "no row that was there changes"
    old = figures(control)
    f5(qtbot, panel, window)
    assert [m.case.name for m in control.session.measurements if m.run] == [
        "f32-simd+mine",
        "f32-simd+mine, again 1",
    ]
    assert {case: figures(control)[case] for case in old} == old, "nor by the same text once more"
    old = figures(control)
    put(panel, lambda text: f";; and more\n{text}")
    f5(qtbot, panel, window)
    (changed,) = [m for m in control.session.measurements if m.run]
    assert (changed.case.name, changed.run) == ("f32-simd+mine", 3)
    assert {m.run for m in control.session.bases} == {3}
    assert [m for m in control.session.measurements if not m.run] == list(before.measurements)
    window.actions_["back"].trigger()
    finish(qtbot, window)
    assert figures(control) == old
    kept = control.session
    window.actions_["again"].trigger()
    finish(qtbot, window)
    assert control.previous == kept, "to run all of it again begins a session of its own"
    assert not any(m.case.again or m.run for m in control.session.measurements)


def test_damaged_kernels_are_left_out_at_the_start(make_window: MakeWindow, tmp_path: Path) -> None:
    folder = tmp_path / "data" / "kernelscope" / "kernels"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text("{]")
    (folder / "b.json").write_text(
        '{"workload":"matvec","runtime":"wgsl","name":"../x","like":"f32","text":"t","parameters":{}}'
    )
    window = make_window()
    assert window.controller.own.edits("matvec") == ()
    edit = window.controller.own.begin(
        find("matvec", "f32", Runtime.WGSL), {"rows_per_thread": 1, "workgroup_size": 64, "unroll": 1}, "t"
    )
    assert structs.replace(edit, text="t") == edit
    assert (folder / "matvec-wgsl-f32+mine.json").exists()
