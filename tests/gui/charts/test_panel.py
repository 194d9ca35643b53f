"""The chart panel in every mode: keys, read-outs, choices, while a run fills it."""

from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from app.charts.headline import headline
from app.charts.modes import MODES
from app.charts.picture import Empty, Spot
from app.charts.scene import View
from app.findings.rows import rows
from app.gui.charts.figure import Figure
from app.gui.charts.menu import Entry
from app.gui.charts.panel import ChartPanel
from app.gui.source.panel import Page
from app.gui.window.export_dialog import ExportDialog
from app.gui.window.window import MainWindow
from app.workloads import workloads
from tests.charts.made import CEILINGS, both_sides, tuned
from tests.charts.scenes import FILLED, scene
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, WASM, FakeSupervisor, session


@pytest.mark.parametrize("mode", list(FILLED))
def test_read_out_by_keys_and_choosing(qtbot: Any, make_window: MakeWindow, mode: str) -> None:
    window = make_window()
    control, panel = window.controller, window.chart
    control.session = FILLED[mode]()
    control.rows = rows(control.session, workloads())
    control.session_changed.emit()
    panel.set_mode(mode)
    chosen: list[Any] = []
    panel.row_chosen.connect(chosen.append)
    panel.figure.canvas.setFocus()
    seen = set()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left):
        qtbot.keyClick(panel.figure.canvas, key)
        seen.add(panel.read_out.text())
    assert len(seen) > 1
    assert panel.picture.title in panel.figure.canvas.accessibleName()
    spot = panel.picture.spots[0]
    place = panel.figure.canvas.mapFromScene(panel.figure.canvas.plot.place(spot))
    qtbot.mouseClick(panel.figure.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    # Several may lie at one place.
    reached = panel.figure.canvas._at
    assert (reached.x, reached.y) == pytest.approx((spot.x, spot.y))
    assert panel.read_out.text().startswith(panel.mode.read(panel._scene, reached))
    qtbot.keyClick(panel.figure.canvas, Qt.Key.Key_Return)
    assert chosen == ([reached.row] * 2 if reached.row else [])


def test_each_of_several_spots_at_one_place_can_be_clicked(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel, made = window.chart, both_sides()
    panel._controller.session, panel._controller.rows = made, rows(made, workloads())
    panel._controller.session_changed.emit()
    panel.set_mode("size")
    window.workspace.bring("details")
    bases = [s for s in panel.picture.spots if s.row.target is FULL and s.x == 128]
    assert len(bases) > 2
    here = panel.figure.canvas.plot.nearest(panel.figure.canvas.plot.place(bases[0]))
    assert {id(spot) for spot in bases} <= {id(spot) for spot in here}
    chosen: list[Any] = []
    panel.figure.canvas.chosen.connect(chosen.append)
    place = panel.figure.canvas.mapFromScene(panel.figure.canvas.plot.place(bases[0]))
    for _ in range(len(here) + 1):
        qtbot.mouseClick(panel.figure.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.wait(QApplication.doubleClickInterval() + 20)
    assert f"{len(here)} lie here: click again for the next" in panel.read_out.text()
    assert [spot.row.index for spot in chosen] == [s.row.index for s in (*here, here[0])]


def test_a_click_on_a_candidate_leads_to_its_text_and_parameters(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel, made = window.chart, tuned()
    panel._controller.session, panel._controller.rows = made, rows(made, workloads())
    panel._controller.session_changed.emit()
    panel.set_mode("tune")
    cell = next(cell for cell in panel.picture.cells if cell.value and not cell.marked)
    place = panel.figure.canvas.mapFromScene(panel.figure.canvas.plot.place(cell.spot))
    qtbot.mouseClick(panel.figure.canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    row = window.details.row
    assert row is cell.spot.row
    assert row.measurement.case.parameters in [c.parameters for c in made.searches[0].candidates]
    assert "tried while tuning: " in window.details.facts.text()
    assert window.source.choice.parameters == row.measurement.case.parameters
    assert panel.read_out.text() == cell.spot.note


def test_modes_by_keys_and_remembered(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = window.chart
    control = Qt.KeyboardModifier.ControlModifier
    for i, mode in enumerate(MODES[:9], 1):
        qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0.value + i), control)
        assert panel.mode is mode
    qtbot.keyClick(window, Qt.Key.Key_PageDown, control)
    assert panel.mode is MODES[9]
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_PageUp, control)
    assert panel.mode is MODES[7]
    panel.set_view(View("bars", quantity="GB/s", size="64"))
    window.close()
    again = make_window()
    assert again.chart.view == View("bars", quantity="GB/s", size="64")
    assert again.actions_["chart-bars"].isChecked()


def test_menus_of_charts_are_called_by_what_they_show(qtbot: Any, make_window: MakeWindow) -> None:
    panel = shown(make_window())
    bar = panel.modes

    def words() -> list[str]:
        return [action.text() for action in bar.actions()]

    front = ["Size", "Bars", "Heat map", "Roofline", "Accuracy"]
    assert words() == [*front, "Quality •", "Experiments •"], "there is something to see in both"
    menus = {action.text(): action.menu() for action in bar.actions() if action.menu()}
    inside = [action.text() for menu in menus.values() for action in menu.actions()]
    assert [*front, *(text.removesuffix(" •") for text in inside)] == [mode.title for mode in MODES]
    assert [text for text in inside if text.endswith("•")] == ["Live •", "Samples •", "Crossover •"]
    menus["Quality •"].actions()[1].trigger()
    assert panel.mode.name == "samples"
    assert words()[-2:] == ["Quality: Samples", "Experiments •"]
    panel.set_mode("bars")
    assert words()[-2:] == ["Quality •", "Experiments •"]


def test_every_mode_fits_into_a_small_window(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1024, 640)
    bar = window.chart.modes
    qtbot.waitUntil(lambda: window.width() == 1024)
    buttons = [bar.widgetForAction(action) for action in bar.actions()]
    more = bar.findChild(QToolButton, "qt_toolbar_ext_button")
    qtbot.waitUntil(lambda: not more.isVisible())
    assert all(button.isVisible() for button in buttons)
    assert all(b.width() > b.fontMetrics().horizontalAdvance(b.text()) for b in buttons)
    assert bar.visibleRegion().boundingRect().contains(buttons[-1].geometry())


def test_the_articles_are_laid_under_and_taken_away(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = window.chart
    panel._controller.session = session((FULL,))
    panel._controller.rows = rows(session((FULL,)), workloads())
    assert not panel.view.articles
    window.actions_["articles"].trigger()
    assert panel.picture.bands
    assert "need not agree" in panel.head.note.whole
    assert window.actions_["articles"].isChecked()
    window.actions_["articles"].trigger()
    assert not panel.picture.bands
    panel.set_mode("heatmap")
    assert not panel.head.articles.isVisible()


def test_the_spot_reached_is_told_to_screen_readers(qtbot: Any, make_window: MakeWindow) -> None:
    panel = make_window().chart
    panel._controller.session = session((FULL,))
    panel._controller.rows = rows(session((FULL,)), workloads())
    panel.refresh()
    assert "Arrow keys" in panel.figure.canvas.accessibleDescription()
    qtbot.keyClick(panel.figure.canvas, Qt.Key.Key_Right)
    assert panel.figure.canvas.accessibleDescription() == panel.read_out.text()


def test_while_moving_it_is_drawn_cheaply(qtbot: Any, make_window: MakeWindow) -> None:
    panel = make_window().chart
    panel._controller.session = session((FULL,))
    panel._controller.rows = rows(session((FULL,)), workloads())
    panel.refresh()
    plot = panel.figure.canvas.plot
    plot.item.vb.sigRangeChangedManually.emit([True, True])
    assert not plot._look.fine
    qtbot.waitUntil(lambda: plot._look.fine)
    plot.set_fine(False)
    plot.set_moving(False)
    assert not plot._look.fine


RUDE = "<img src='http://x/y'> <b>A</b>\nB"


@pytest.mark.parametrize("mode", list(FILLED))
def test_names_in_a_session_are_plain_text(qtbot: Any, make_window: MakeWindow, mode: str) -> None:
    made = FILLED[mode]()
    named = tuple(structs.replace(target, label=RUDE, driver=RUDE) for target in made.targets)
    panel = make_window().chart
    panel._controller.session = made = structs.replace(made, targets=named)
    panel._controller.rows = rows(made, workloads())
    panel.set_mode(mode)
    panel.grab()
    plot = panel.figure.canvas.plot
    assert not any("<b>" in pane.y.labelText + pane.x.labelText for pane in plot.panes), (
        "Qt reads those as HTML"
    )
    qtbot.keyClick(panel.figure.canvas, Qt.Key.Key_Right)
    assert panel.read_out.textFormat() is Qt.TextFormat.PlainText


def test_every_offer_of_an_empty_chart_is_an_action(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    bare = structs.replace(session((FULL,)), ceilings={})
    offered = []
    for mode in MODES:
        made = mode.make(scene(bare, mode.name))
        if isinstance(made, Empty) and made.action:
            assert made.button
            assert window.actions_[made.action].toolTip()
            offered.append(made.action)
    assert offered == ["ceilings", "tune", "plan-crossover", "plan-threads", "plan-suspension", "add_browser"]
    panel = window.chart
    panel._controller.session = bare
    panel._controller.rows = rows(bare, workloads())
    panel.set_mode("threads")
    asked = []
    panel.action_asked.connect(asked.append)
    window.kernels.targets.set_ticked("full", False)
    qtbot.mouseClick(panel.placeholder.button, Qt.MouseButton.LeftButton)
    assert asked == ["plan-threads"]
    assert window.kernels.named.name == "threads"


@pytest.mark.parametrize("mode", [mode.name for mode in MODES])
def test_each_mode_fills_while_it_runs(qtbot: Any, make_window: MakeWindow, mode: str) -> None:
    window = make_window(FakeSupervisor((FULL, WASM), pace=0.0005))
    panel = window.chart
    panel.set_mode(mode)
    window.actions_["run"].trigger()
    drawn = []
    panel._controller.rows_changed.connect(lambda: drawn.append(panel.picture is not None))
    qtbot.waitUntil(lambda: not panel._controller.running and len(drawn) > 1, timeout=30_000)
    qtbot.waitUntil(
        lambda: len(panel._controller.rows) == len(panel._controller.session.measurements), timeout=30_000
    )
    empties = ("tune", "roofline", "threads", "suspension", "compilers")
    assert (panel.picture is None) is (mode in empties), panel.placeholder.text


def test_the_answer_stands_first_and_follows_what_is_put_out(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1280, 800)
    panel = window.chart
    panel._controller.session = session((FULL, WASM))
    panel._controller.rows = rows(session((FULL, WASM)), workloads())
    panel._controller.session_changed.emit()
    panel.set_mode("bars")
    head = panel.head
    assert head.answer.whole.startswith("u8-dot4 is 4.00× faster than f32 (4.00–4.00) at 256 on Full")
    assert head.answer.isVisible()
    assert head.answer.text() == head.answer.whole
    assert head.title.whole.startswith(panel.picture.title)
    assert "Test CPU" in head.title.toolTip()
    panel.figure.legend.set_hidden(frozenset({("full", "u8-dot4")}))
    panel.refresh()
    assert not head.answer.whole.startswith("u8-dot4")
    panel.set_mode("tune")
    assert not head.answer.isVisible()


def shown(window: MainWindow, mode: str = "size") -> ChartPanel:
    panel, made = window.chart, session((FULL, WASM))
    panel._controller.session, panel._controller.rows = made, rows(made, workloads())
    panel._controller.session_changed.emit()
    panel.set_mode(mode)
    return panel


@pytest.mark.parametrize("mode", ["size", "bars"])
def test_a_click_keeps_in_focus_and_esc_lets_go(qtbot: Any, make_window: MakeWindow, mode: str) -> None:
    window = make_window()
    panel = shown(window, mode)
    canvas = panel.figure.canvas
    spot = next(s for s in canvas.plot.spots() if s.row.name == "u8-dot4")
    place = canvas.mapFromScene(canvas.plot.place(spot))
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    canvas._point(None)
    assert panel.pinned() == canvas.plot._look.focus == "u8-dot4"
    panel.set_mode("heatmap")
    assert canvas.plot._look.focus == "", "nothing is faint where there is nothing of it"
    panel.set_mode(mode)
    assert canvas.plot._look.focus == "u8-dot4"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert panel.pinned() == canvas.plot._look.focus == ""


def offered(figure: Figure, spot: Spot | None) -> dict[str, Entry]:
    """The lines of its menu, whose keys do not clash."""
    found = {e.text.replace("&", ""): e for group in figure.entries(spot) for e in group}
    keys = [e.text[e.text.index("&") + 1].lower() for e in found.values() if "&" in e.text]
    assert len(keys) == len(set(keys)), keys
    return found


def right_click(qtbot: Any, canvas: Any, spot: Spot) -> list[str]:
    """What stands in the menu that opens at a spot, which is closed again."""
    place = canvas.mapFromScene(canvas.plot.place(spot))
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.RightButton, pos=place)
    menu = QApplication.activePopupWidget()
    texts = [action.text().replace("&", "") for action in menu.actions()]
    menu.close()
    return texts


def test_the_menu_of_a_chart(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    panel = shown(window)
    figure = panel.figure
    spot = next(s for s in figure.canvas.plot.spots() if s.row.name == "u8-dot4")
    told = right_click(qtbot, figure.canvas, spot)
    assert told[0].startswith("u8-dot4, 64, ")
    assert [text for text in told if text] == list(offered(figure, spot))
    offered(figure, spot)["Keep u8-dot4 in focus"].do()
    assert panel.pinned() == "u8-dot4"
    offered(figure, spot)["Let go of it"].do()
    assert not panel.pinned()
    count = len(figure.canvas.plot.spots())
    offered(figure, spot)["Hide u8-dot4"].do()
    assert len(figure.canvas.plot.spots()) < count
    assert {name for _, name in panel.hidden} == {"u8-dot4"}
    offered(figure, None)["Copy data"].do()
    text = QApplication.clipboard().text()
    assert "u8," in text
    assert "u8-dot4" not in text
    offered(figure, None)["Show what is hidden"].do()
    assert len(figure.canvas.plot.spots()) == count
    offered(figure, None)["Explain this chart"].do()
    assert window.messages.text.startswith(panel.mode.tip)
    assert not {"Source", "Details"} & set(offered(figure, None)), "about a case alone"


def test_what_a_menu_offers_about_a_case(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    figure = shown(window).figure
    spot = next(s for s in figure.canvas.plot.spots() if s.row.name == "u8-dot4")
    ways = ("Details", "Source", "Diff", "Tune…", "Run this again")
    assert [text for text in offered(figure, spot) if text in ways] == list(ways)
    offered(figure, spot)["Details"].do()
    assert window.details.row == spot.row
    offered(figure, spot)["Diff"].do()
    assert window.source.pages.currentIndex() == Page.DIFF
    offered(figure, spot)["Source"].do()
    assert window.source.isVisible()
    assert window.source.choice.kernel.variant == spot.row.variant
    offered(figure, spot)["Tune…"].do()
    assert window.tuner.dialog.isVisible()
    assert window.tuner.dialog.case.variant == "u8-dot4"
    window.tuner.dialog.close()
    offered(figure, spot)["Run this again"].do()
    assert window.controller.running
    qtbot.waitUntil(lambda: not window.controller.running)


def test_pictures_beside_the_charts_have_the_menu_too(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    figure = shown(window).figure
    row = next(s.row for s in figure.canvas.plot.spots() if s.row.name == "u8-dot4")
    window.controller.choose(row)
    window.source.open_page(Page.TEXT)

    def choose(picture: QWidget, text: str) -> set[str]:
        """The line of its menu with this text; all texts that stand there."""
        picture.customContextMenuRequested.emit(QPoint(5, 5))
        found = {a.text().replace("&", ""): a for a in QApplication.activePopupWidget().actions()}
        found[text].trigger()
        QApplication.activePopupWidget() and QApplication.activePopupWidget().close()
        return set(found)

    for picture in (window.details.samples, window.source.access.picture):
        QApplication.clipboard().clear()
        texts = choose(picture, "Copy figure")
        assert ("Run this again" in texts) == (picture is window.details.samples)
        mime = QApplication.clipboard().mimeData()
        assert mime.hasImage()
        assert b"<svg" in mime.data("image/svg+xml").data()
        choose(picture, "Export…")
        (dialog,) = (w for w in window.findChildren(ExportDialog) if w.isVisible())
        assert list(dialog.buttons) == [".png", ".svg", "chart.pdf"], "no session stands behind it"
        dialog.close()


@pytest.mark.parametrize("way", ["button", "key", "action"])
def test_a_figure_in_one_click(qtbot: Any, make_window: MakeWindow, way: str) -> None:
    window = make_window()
    panel = shown(window)
    if way == "button":
        (button,) = (b for b in window.kernels.findChildren(QToolButton) if b.text() == "Copy figure")
        assert button.isVisible()
        button.click()
    elif way == "key":
        qtbot.keyClick(panel.figure.canvas, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    else:
        window.actions_["copy-figure"].trigger()
    data = QApplication.clipboard().mimeData()
    assert (data.imageData().width(), data.imageData().height()) == (2560, 1440)
    svg = bytes(data.data("image/svg+xml").data()).decode()
    assert headline(panel.picture) in svg
    assert window.messages.text == "Copied the figure, as PNG and SVG"


def test_a_name_is_ticked_by_a_click_after_a_key(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    control, panel = window.controller, window.chart
    control.session = FILLED["bars"]()
    control.rows = rows(control.session, workloads())
    panel.set_mode("bars")
    legend = panel.figure.legend
    leaf = legend.topLevelItem(0).child(0)
    legend.setCurrentItem(leaf)
    qtbot.keyClick(legend, Qt.Key.Key_Space)
    assert len(panel.hidden) == 1
    place = legend.visualItemRect(leaf).center()
    qtbot.mouseClick(legend.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert not panel.hidden


def test_the_legend_takes_what_its_names_need(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.resize(1600, 900)
    panel = window.chart
    panel.set_mode("roofline")
    widths = []

    def fits() -> bool:
        wanted = min(panel.figure.legend.sizeHint().width(), panel.figure.splitter.width() / 3)
        return bool(window.width() == 1600 and abs(panel.figure.legend.width() - wanted) <= 5)

    for label in ("Full", "An adapter (Vulkan, 25.0.7)", "A name for the plot's room " * 9):
        made = structs.replace(session((structs.replace(FULL, label=label),)), ceilings={FULL.id: CEILINGS})
        panel._controller.session, panel._controller.rows = made, rows(made, workloads())
        panel._controller.session_changed.emit()
        qtbot.waitUntil(fits)
        widths.append(panel.figure.legend.width())
    assert widths == sorted(set(widths))
    made = structs.replace(session((structs.replace(FULL, label="Full"),)), ceilings={FULL.id: CEILINGS})
    panel.set_mode("tune")
    panel._controller.session, panel._controller.rows = made, rows(made, workloads())
    panel.set_mode("roofline")
    qtbot.waitUntil(lambda: panel.figure.legend.width() == widths[0])
    panel.figure.splitter.splitterMoved.emit(1, 1)
    panel.figure.splitter.setSizes([700, 100])
    window.resize(1500, 900)
    qtbot.waitUntil(lambda: window.width() == 1500)
    assert panel.figure.legend.width() < 130


def test_the_legend_of_bars_has_each_variant_once(qtbot: Any, make_window: MakeWindow) -> None:
    panel = shown(make_window(), "bars")
    (group,) = (panel.figure.legend.topLevelItem(i) for i in range(panel.figure.legend.topLevelItemCount()))
    names = [group.child(i).text(0) for i in range(group.childCount())]
    assert names == list(dict.fromkeys(name for _, name in panel.picture.keys))
    shared = names.index("f16-storage")
    group.child(shared).setCheckState(0, Qt.CheckState.Unchecked)
    assert panel.hidden == {("full", "f16-storage"), ("wasm", "f16-storage")}
    panel.set_mode("accuracy")
    panel.set_mode("bars")
    group = panel.figure.legend.topLevelItem(0)
    assert group.child(shared).checkState(0) is Qt.CheckState.Unchecked
    group.child(shared).setCheckState(0, Qt.CheckState.Checked)
    assert not panel.hidden
