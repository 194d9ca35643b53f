"""Comparing in the window: by dropping files, by menu; bars, verdicts, hardware; what cannot be read."""

import csv
import io
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from msgspec import structs
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from app.core.measurement import Measurement, Status
from app.core.session import Session
from app.gui.charts.sheet import WRAP, _wrapped, font
from app.gui.parts.theme import Theme
from app.gui.window.window import MainWindow
from app.storage.files import save
from tests.gui.charts.test_panel import offered, right_click
from tests.gui.conftest import MakeWindow
from tests.gui.made import BARE, FULL, SHAPES, FakeSupervisor, session, target


def slower(measurement: Measurement) -> Measurement:
    return structs.replace(measurement, samples=tuple(1.2 * s for s in measurement.samples))


def broken(measurement: Measurement) -> Measurement:
    if measurement.case.variant != "u8" or measurement.case.shape.rows != 64:
        return measurement
    return structs.replace(measurement, status=Status.WRONG, reason="relative error 0.5")


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    sessions: dict[str, Session] = {
        "old": session(), "new": session(spoil=slower), "bad": session(spoil=broken),
    }  # fmt: skip
    paths = []
    for name, one in sessions.items():
        paths.append(tmp_path / f"{name}.kernelscope.json")
        save(one, paths[-1])
    return paths


def drop(window: MainWindow, paths: list[Path]) -> bool:
    """Drag the files over the window and let go; whether they were taken."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, left, no = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), action, mime, left, no)
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(50, 50), action, mime, left, no))
    return enter.isAccepted()


def choose(window: MainWindow, text: str) -> None:
    (action,) = [a for a in window.drops.menu.actions() if text in a.text().replace("&", "")]
    action.trigger()
    window.drops.menu.hide()


def wait(qtbot: Any, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.controller.comparing.across is not None, timeout=20_000)
    for chart in (window.compare.bars, window.compare.dots):
        window.compare.tabs.setCurrentWidget(chart)
        qtbot.waitUntil(lambda c=chart: c._fresh, timeout=20_000)


def rows(window: MainWindow) -> list[list[str]]:
    proxy = window.compare.verdicts.proxy
    found = []
    for i in range(proxy.rowCount()):
        branch = proxy.index(i, 0)
        for parent, j in [(branch.parent(), i), *((branch, j) for j in range(proxy.rowCount(branch)))]:
            found.append([str(proxy.index(j, c, parent).data() or "") for c in range(proxy.columnCount())])
    return found


def labels(window: MainWindow) -> list[str]:
    """Of the groups of bars, on one line each."""
    return [" ".join(group.label.split()) for group in window.compare.bars.picture.groups]


def test_several_dropped_files_are_compared(qtbot: Any, make_window: MakeWindow, files: list[Path]) -> None:
    window = make_window()
    assert "Drop session files" in window.compare.placeholder.text
    assert drop(window, files)
    wait(qtbot, window)
    assert window.compare.isVisible()
    assert [window.compare.base.itemText(i) for i in range(3)] == ["old", "new", "bad"]
    table = rows(window)
    (fast,) = [row for row in table if row[0].startswith("matvec u8-dot4 · Full")]
    assert "▼ 1.20× slower (1." in fast[3]
    assert fast[2] == "mean of 3"
    gone, _ = [row for row in table if "wrong result in this session" in row[5]]
    assert gone[0] == "64"
    assert gone[4] == "–"
    places = ("Full (Vulkan)", "Bare (OpenGL)")
    assert labels(window) == [f"{place} {name}" for place in places for name in ("old", "new", "bad")]
    window.compare.tabs.setCurrentWidget(window.compare.hardware)
    titles = [column.title for column in window.compare.hardware.model.columns]
    assert "bad: Full (Vulkan)" in titles
    assert "new: 27 slower, 3 no data" in window.compare.verdicts.counts.whole


def test_one_dropped_file_opens_or_is_compared(
    qtbot: Any, make_window: MakeWindow, files: list[Path]
) -> None:
    window = make_window()
    assert drop(window, files[:1])
    qtbot.waitUntil(lambda: bool(window.controller.rows))
    assert window.controller.path == files[0]
    assert drop(window, files[1:2])
    texts = [action.text() for action in window.drops.menu.actions()]
    assert texts == ["&Open new.kernelscope.json", "Compare &with old"]
    choose(window, "Compare with old")
    wait(qtbot, window)
    assert window.controller.comparing.across.names == ("old", "new")
    assert window.controller.path == files[0]
    assert drop(window, files[2:])
    choose(window, "Add to what is compared")
    qtbot.waitUntil(lambda: len(window.controller.comparing.named) == 3)
    assert drop(window, files[1:2])
    choose(window, "Open new")
    assert window.controller.path == files[1]


def test_other_things_are_not_taken(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    mime = QMimeData()
    mime.setText("some words")
    enter = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        mime,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, enter)
    assert not enter.isAccepted()


def test_unreadable_files_cost_one_line(
    qtbot: Any, make_window: MakeWindow, files: list[Path], tmp_path: Path
) -> None:
    window = make_window()
    rubbish = tmp_path / "rubbish.json"
    rubbish.write_text("{")
    drop(window, [files[0], rubbish, files[1]])
    wait(qtbot, window)
    assert window.controller.comparing.across.names == ("old", "new")
    assert window.messages.text.startswith(f"{rubbish}: not a Kernelscope session")
    assert "\n" not in window.messages.text


def test_compare_with_asks_for_files(
    qtbot: Any, make_window: MakeWindow, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    window.files.open(files[0])
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: ([str(files[1])], ""))
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wait(qtbot, window)
    comparing = window.controller.comparing
    assert comparing.across.names == ("old", "new")
    comparing.put_first("new")
    assert "Reading and comparing" in window.compare.placeholder.text
    wait(qtbot, window)
    assert comparing.across.names == ("new", "old")
    assert "1.20× faster" in " ".join(" ".join(row) for row in rows(window))
    comparing.remove("old")
    assert "One session so far" in window.compare.placeholder.text
    comparing.clear()
    assert "Nothing to compare yet" in window.compare.placeholder.text


def test_margin_filter_and_copies(qtbot: Any, make_window: MakeWindow, files: list[Path]) -> None:
    window = make_window()
    drop(window, files[:2])
    wait(qtbot, window)
    view = window.compare.verdicts
    view.filter.setText("bare f16-storage")
    assert len(rows(window)) == 4
    view.filter.setText("")
    view.only.setChecked(True)
    assert len(rows(window)) == 27 + 9
    view._percent.setValue(40.0)
    assert rows(window) == []
    view.only.setChecked(False)
    assert "new: 27 same" in view.counts.whole
    window.compare.copy_table()
    assert "| 64 | " in QApplication.clipboard().text()
    assert "same (" in QApplication.clipboard().text()
    window.compare.copy_chart()
    assert QApplication.clipboard().image().width() > 1000
    view.tree.expandAll()
    view.tree.setCurrentIndex(view.proxy.index(0, 0, view.proxy.index(0, 0)))
    view.tree.setFocus()
    window.compare.tabs.setCurrentWidget(view)
    view.tree.setFocus()
    qtbot.keyClick(view.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text().startswith("matvec f32 · Full (Vulkan), 64\t")


def test_exports(qtbot: Any, make_window: MakeWindow, files: list[Path], tmp_path: Path) -> None:
    window = make_window()
    drop(window, files[:2])
    wait(qtbot, window)
    for suffix in (".png", ".svg", ".csv", ".md"):
        window.compare.write(tmp_path / f"out{suffix}")
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    ElementTree.parse(tmp_path / "out.svg")
    lines = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert {line["verdict"] for line in lines} == {"slower", "no data"}
    assert (tmp_path / "out.md").read_text().startswith("| target | workload |")


def test_long_names_end_in_dots_and_machines_are_said_once(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    names = [f"nightly {i} of a workstation with a long name" for i in range(9)]
    others = [structs.replace(session(), created=f"2026-11-{i + 1:02}T10:00:00Z") for i in range(9)]
    window.controller.comparing.show(list(zip(names, others, strict=True)))
    wait(qtbot, window)
    caption = window.compare.bars.picture.caption
    assert caption.count("Test CPU") == 1
    metrics, box = QFontMetricsF(font(12)), QRectF(0, 0, 500, 38)
    shown = _wrapped(caption, metrics, box)
    assert shown.endswith(" …")
    assert caption.startswith(shown.removesuffix(" …"))
    assert metrics.boundingRect(box, WRAP, shown).height() <= 38
    assert _wrapped("short", metrics, box) == "short"


def test_keys_reach_everything(qtbot: Any, make_window: MakeWindow, files: list[Path]) -> None:
    window = make_window()
    drop(window, files[:2])
    wait(qtbot, window)
    panel = window.compare
    reached = set()
    for page in range(panel.tabs.count()):
        panel.tabs.setCurrentIndex(page)
        panel.base.setFocus()
        for _ in range(30):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
            reached.add(QApplication.focusWidget())
    view, hardware = panel.verdicts, panel.hardware
    assert {
        panel.dots.figure.canvas,
        panel.dots.figure.legend,
        panel.bars.figure.canvas,
        panel.bars.figure.legend,
        panel.bars.baseline,
    } <= reached
    assert {view.filter, view.only, view.tree} <= reached
    assert {hardware.kind, hardware.filter, hardware.only, hardware.tree, hardware.detail} <= reached
    assert {"Sessions", "Export", "Targets", "Copy"} <= {
        w.text() for w in reached if isinstance(w, QPushButton)
    }


def test_bars_of_another_size_and_base_line(qtbot: Any, make_window: MakeWindow, files: list[Path]) -> None:
    window = make_window()
    drop(window, files[:2])
    wait(qtbot, window)
    bars = window.compare.bars
    window.compare.tabs.setCurrentWidget(bars)
    assert "256" in bars.picture.title
    bars.choices.boxes["size"].setCurrentIndex(1)
    bars.choices.chosen.emit("size", "64")
    qtbot.waitUntil(lambda: "64" in bars.picture.title)
    bars.choices.chosen.emit("target", "bare")
    qtbot.waitUntil(lambda: labels(window) == ["Bare (OpenGL) old", "Bare (OpenGL) new"])
    bars.baseline.setCurrentIndex(bars.baseline.findData("u8"))
    bars.baseline.activated.emit(bars.baseline.currentIndex())
    qtbot.waitUntil(lambda: "over u8" in bars.picture.title)
    spot = bars.picture.spots[0]
    bars._on_pointed(spot)
    assert "old" in bars._read.whole
    window.theme.choose(Theme.DARK)
    window.theme.choose(Theme.LIGHT)


def test_sessions_with_nothing_in_common(qtbot: Any, make_window: MakeWindow, files: list[Path]) -> None:
    window = make_window(FakeSupervisor((FULL, BARE)))
    other = structs.replace(session((target("x", "X"), target("y", "Y"))), created="2026-01-01T00:00:00Z")
    window.controller.comparing.show([("a", session()), ("b", other)])
    qtbot.waitUntil(lambda: window.controller.comparing.across is not None)
    assert "No case in common" in window.compare.placeholder.text


def test_what_changed_is_a_dot_per_case(
    qtbot: Any, make_window: MakeWindow, files: list[Path], tmp_path: Path
) -> None:
    """The largest change first, over the line of no change; the margin is that of the verdicts."""
    window = make_window()
    assert drop(window, files[:2])
    panel = window.compare
    dots = panel.dots
    qtbot.waitUntil(lambda: dots.picture is not None, timeout=20_000)
    assert panel.tabs.currentWidget() is dots
    picture = dots.picture
    assert picture.base == 1.0
    assert re.fullmatch(r"27 of 27 cases changed: most \S+ \d+ on .*, 1\.20× slower \(1.*\)", picture.title)
    first, *_, last = spots = sorted(picture.spots, key=lambda spot: spot.x)
    assert [spot.x for spot in spots] == list(range(1, 28))
    assert all(spot.low < spot.y < spot.high < 1 for spot in spots)
    assert first.name
    assert not last.name
    dots._on_pointed(first)
    assert re.search(r"matvec \S+ \d+ on .*: 1\.20× slower", dots._read.whole)
    assert spots == sorted(spots, key=lambda spot: spot.high)
    panel.verdicts._percent.setValue(50)
    qtbot.waitUntil(lambda: dots.picture.title == "None of 27 cases surely changed")
    assert all(curve.quiet for curve in dots.picture.curves)
    panel.write(tmp_path / "changes.svg")
    assert "None of 27 cases" in (tmp_path / "changes.svg").read_text()
    panel.tabs.setCurrentWidget(panel.bars)
    panel.write(tmp_path / "bars.svg")
    assert (tmp_path / "bars.svg").read_bytes() != (tmp_path / "changes.svg").read_bytes()


def test_a_chart_is_drawn_when_somebody_looks_at_it(
    qtbot: Any, make_window: MakeWindow, files: list[Path], tmp_path: Path
) -> None:
    """And what is exported is of now, whatever was drawn last."""
    window = make_window()
    panel = window.compare
    assert drop(window, files[:2])
    qtbot.waitUntil(lambda: panel.dots.picture is not None, timeout=20_000)
    assert panel.bars.picture is None
    panel.tabs.setCurrentWidget(panel.verdicts)
    old = panel.dots.picture
    panel.verdicts._percent.setValue(50)
    assert panel.dots.picture is old
    panel.write(tmp_path / "changes.svg")
    assert "None of 27 cases" in (tmp_path / "changes.svg").read_text()
    panel.tabs.setCurrentWidget(panel.bars)
    qtbot.waitUntil(lambda: panel.bars.picture is not None, timeout=20_000)


def test_the_menu_leads_to_the_sessions_and_to_the_case(
    qtbot: Any, make_window: MakeWindow, files: list[Path]
) -> None:
    window = make_window()
    panel = window.compare
    assert drop(window, files[:2])
    wait(qtbot, window)
    for chart in (panel.dots, panel.bars):
        window.controller.show_session(session(shapes=SHAPES[:1]), modified=False)
        panel.tabs.setCurrentWidget(chart)
        qtbot.waitUntil(lambda c=chart: bool(c.figure.canvas.plot.spots()))
        spot = chart.picture.spots[0]
        texts = right_click(qtbot, chart.figure.canvas, spot)
        assert {"Copy figure", "Export…", "Show all points", "Show old"} <= set(texts)
        assert "Source" not in texts, "the session shown has no such case"
        offered(chart.figure, spot)["Show old"].do()
        assert window.controller.title == "old"
        qtbot.waitUntil(lambda: bool(window.controller.rows))
        offered(chart.figure, spot)["Details"].do()
        assert window.controller.chosen.measurement in (
            *spot.results,
            *([spot.row.measurement] if spot.row else []),
        )
    chart.figure.copy()
    assert QApplication.clipboard().image().width() > 1000


def test_a_folder_that_is_dropped_is_gathered(qtbot: Any, make_window: MakeWindow, tmp_path: Path) -> None:
    """Its sessions together say which variant wins where; what they say is filtered, drawn and written."""
    (tmp_path / "many").mkdir()
    for i in range(6):
        made = structs.replace(session(), created=f"2026-11-{i + 1:02}T00:00:00Z")
        save(made, tmp_path / "many" / f"{i}.kernelscope.json")
    window = make_window()
    assert drop(window, [tmp_path / "many"])
    chart = window.compare.gathered
    qtbot.waitUntil(lambda: chart.picture is not None, timeout=20_000)
    assert window.compare.chart is chart
    assert chart.found is not None
    assert chart.found.sessions == 6
    chart.edits["since"].setText("2026-11-04")
    chart.edits["since"].editingFinished.emit()
    qtbot.waitUntil(lambda: chart.found is not None and chart.found.sessions == 3, timeout=20_000)
    qtbot.waitUntil(lambda: chart._fresh, timeout=20_000)
    for name in ("page.html", "chart.svg"):
        window.compare.write(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 1000
    window.controller.comparing.clear()
    assert window.compare.chart is not chart
