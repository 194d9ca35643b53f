"""The hardware panel: targets side by side, what would unlock what, and copies that work elsewhere."""

import json
from typing import Any

from msgspec import structs
from PySide6.QtCore import QModelIndex, Qt, QUrl
from PySide6.QtWidgets import QApplication

from app.core.target import FeatureState
from app.findings.matrix import Column
from app.gui.hardware.view import HardwareView
from app.gui.parts.theme import Theme
from app.gui.window.window import MainWindow
from tests.gui.conftest import MakeWindow
from tests.gui.made import BARE, DOT, FULL, NATIVE, WASM, YES, FakeSupervisor, session, target


def clipboard() -> str:
    return QApplication.clipboard().text()


def shown(window: MainWindow) -> HardwareView:
    """The view, filled: it waits until somebody looks."""
    window.workspace.show_panel("hardware")
    return window.hardware.view


def find(view: HardwareView, name: str) -> QModelIndex:
    flags = Qt.MatchFlag.MatchRecursive | Qt.MatchFlag.MatchExactly
    found = view.proxy.match(view.proxy.index(0, 0), Qt.ItemDataRole.DisplayRole, name, 1, flags)
    assert found, name
    return found[0]


def copy(view: HardwareView, text: str) -> str:
    view._copies.aboutToShow.emit()
    action = next(a for a in view._copies.actions() if a.text().replace("&", "").startswith(text))
    assert action.isEnabled(), text
    action.trigger()
    return clipboard()


def test_this_machine(qtbot: Any, real_window: MainWindow) -> None:
    view, control = shown(real_window), real_window.controller
    for runtime in ("wgsl", "wasm"):
        own = [t for t in control.targets if t.runtime.value == runtime]
        if not own:
            continue
        view.kind.setCurrentIndex(
            next(i for i in range(view.kind.count()) if view.kind.itemData(i) == runtime)
        )
        view.kind.activated.emit(view.kind.currentIndex())
        assert [column.target for column in view.model.columns] == own
        everything = json.loads(copy(view, "As JSON"))
        for one, told in zip(own, everything, strict=True):
            assert told["features"].items() >= {f.name: f.state.value for f in one.features}.items()
    view.filter.setText("simd")
    assert {line.name for line in view.proxy.shown()} >= {"simd", "relaxed-simd"}
    assert "gc" not in {line.name for line in view.proxy.shown()}


def test_five_states_by_word_symbol_and_reason(qtbot: Any) -> None:
    view = HardwareView()
    qtbot.addWidget(view)
    view.show()
    states = {f"feature{i}": state for i, state in enumerate(FeatureState)}
    view.show_columns([Column("T", target("t", "T", **states))])
    pictures = set()
    for name, state in states.items():
        cell = find(view, name).siblingAtColumn(2)
        assert cell.data() == state.value
        assert cell.data(Qt.ItemDataRole.ToolTipRole).startswith(f"{state.value}: ")
        image = (
            cell.data(Qt.ItemDataRole.DecorationRole)
            .pixmap(16)
            .toImage()
            .convertToFormat(
                cell.data(Qt.ItemDataRole.DecorationRole).pixmap(16).toImage().Format.Format_Alpha8
            )
        )
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(FeatureState)


def test_differences_are_marked_and_can_be_singled_out(qtbot: Any, make_window: MakeWindow) -> None:
    view = shown(make_window(FakeSupervisor((FULL, BARE, WASM, NATIVE))))
    assert [view.kind.itemText(i) for i in range(view.kind.count())] == [
        "GPU adapters (2)", "Wasm engines (1)", "NumPy (1)",
    ]  # fmt: skip
    differs = "shader-f16, targets differ"
    assert find(view, "shader-f16").data(Qt.ItemDataRole.AccessibleTextRole) == differs
    view.only.setChecked(True)
    names = {line.name for line in view.proxy.shown()}
    assert "shader-f16" in names
    assert not names & {DOT, "maxBufferSize"}
    view._targets.actions()[1].trigger()
    assert [column.title for column in view.model.columns] == ["Full (Vulkan)"]
    assert view.proxy.shown() == []


def test_a_line_says_why_and_leads_to_its_variants(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL, BARE)))
    view = shown(window)
    view.tree.setCurrentIndex(find(view, "shader-f16"))
    text = view.detail.toPlainText()
    assert "Bare (OpenGL): missing, the adapter does not offer it; to unlock it: a newer driver" in text
    assert "Bare (OpenGL): with it could also run" in text
    assert "Needed by" in text
    view.detail.anchorClicked.emit(QUrl("variant:matmul/f16-tile,f16-naive"))
    kernels = window.kernels
    assert kernels.workload.currentData() == "matmul"
    picked = {name.partition("/")[2] for name in kernels.variants.selected()}
    assert picked == {"f16-tile", "f16-naive"}
    kernels.chips["variants"].pop_over.close()
    view.detail.anchorClicked.emit(QUrl("copy:WGSL"))
    assert clipboard() == "enable f16;\n"
    window.theme.choose(Theme.DARK)
    assert "shader-f16" in view.detail.toPlainText()
    window.theme.choose(Theme.LIGHT)


def test_copies(qtbot: Any, make_window: MakeWindow) -> None:
    big = structs.replace(FULL, limits={"maxBufferSize": 1 << 30})
    window = make_window(FakeSupervisor((big, BARE)))
    view = shown(window)
    assert "| shader-f16 | optional | supported | missing |" in copy(view, "As Markdown")
    view.filter.setText("f16")
    assert DOT not in copy(view, "As text")
    assert 'requiredFeatures: ["shader-f16"]' in copy(view, "JavaScript of all shown")
    view.filter.setText("")
    view.tree.setCurrentIndex(find(view, "maxBufferSize"))
    assert f"limits.maxBufferSize >= {1 << 28}" in copy(view, "JavaScript of the selection")
    view.tree.setFocus()
    qtbot.keyClick(view.tree, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "maxBufferSize" in clipboard()
    assert "▲" not in clipboard()
    assert "shader-f16" not in clipboard()


def test_a_session_from_elsewhere_stands_beside_this_machine(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,)))
    other = structs.replace(BARE, driver="another")
    window.controller._show(session((other,)), [], None, False)
    view = shown(window)
    assert [column.title for column in view.model.columns] == ["Full (Vulkan)", "Session: Bare (OpenGL)"]
    tip = view.model.headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "not this machine: Test CPU" in tip


def test_names_stay_while_targets_scroll(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(
        FakeSupervisor(tuple(target(f"t{i}", f"Target {i}", shader__f16=YES) for i in range(12)))
    )
    view = shown(window)
    tree, over = view.tree, view.tree._over
    bar = tree.horizontalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    assert over.mapTo(tree, over.rect().topLeft()).x() == tree.frameWidth()
    assert over.width() == tree.columnWidth(0)
    assert tree._edge.isVisible()
    name = find(view, "shader-f16")
    qtbot.mouseClick(over.viewport(), Qt.MouseButton.LeftButton, pos=over.visualRect(name).center())
    assert tree.currentIndex() == name
    assert "shader-f16" in view.detail.toPlainText()
    assert bar.value() == bar.maximum()
    tree.collapse(name.parent())
    assert not over.isExpanded(name.parent())
    over.expand(name.parent())
    assert tree.isExpanded(name.parent())


def test_what_cannot_be_used_is_listed(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    assert window.hardware.left_out.isHidden()
    lines = ("A (Vulkan) does not open (<b>lost</b>)", "/a/bad.json was left out: ended")
    window.controller.found["webgpu"] = structs.replace(window.controller.found["webgpu"], left_out=lines)
    window.hardware.refresh()
    assert not window.hardware.left_out.isHidden()
    assert window.hardware.left_out.text() == "\n".join(lines)
    assert window.hardware.left_out.textFormat() is Qt.TextFormat.PlainText


def test_searching_and_nothing_found(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((), reason="no driver", pace=0.2), search=False)
    view = window.hardware.view
    window.controller.find_hardware()
    assert "Looking for adapters…" in view.placeholder.text
    qtbot.waitUntil(lambda: not window.controller.searching)
    assert view.placeholder.text == "No targets\nno driver"
    assert not view.placeholder.isHidden()
