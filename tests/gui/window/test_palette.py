"""The palette: a few letters find and do anything."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from app.gui.parts.fuzzy import best, score
from app.gui.parts.palette import ACTION, Palette
from app.gui.parts.theme import current
from tests.gui.conftest import MakeWindow

TEXTS = [
    "View, Theme: Dark",
    "Run: Run live",
    "Tick variant: u8-dot4",
    "Untick variant: f32",
    "File: Save as…",
]


def found(typed: str) -> list[str]:
    return best(typed, TEXTS, str)


def test_letters_with_gaps_find() -> None:
    assert found("dark")[0] == "View, Theme: Dark"
    assert found("u8d4") == ["Tick variant: u8-dot4"]
    assert found("rl")[0] == "Run: Run live"
    assert found("dot u8") == ["Tick variant: u8-dot4"]


def test_beginnings_of_words_win() -> None:
    assert (score("sa", "File: Save as…") or 0) > (score("sa", "Use a chart") or 0)
    assert found("save")[0] == "File: Save as…"


def test_nothing_typed_is_all_and_nonsense_is_nothing() -> None:
    assert found("  ") == TEXTS
    assert found("qqq") == []


def palette(window: Any) -> Palette:
    shown = window.findChildren(Palette)
    assert len(shown) == 1
    return shown[0]


def test_a_theme_by_its_name(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    shown = palette(window)
    qtbot.keyClicks(shown.line, "theme dark")
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert current().dark
    window.actions_["theme_light"].trigger()
    assert not current().dark


def test_variants_can_be_ticked(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    assert "wgsl/u8" in window.kernels.variants.ticked()
    window.open_palette()
    shown = palette(window)
    qtbot.keyClicks(shown.line, "untick u8")
    texts = [shown.list.item(i).text() for i in range(shown.list.count())]
    assert texts[0] == "Untick variant: u8"
    assert "Untick variant: u8-dot4" in texts
    qtbot.keyClick(shown.line, Qt.Key.Key_Down)
    qtbot.keyClick(shown.line, Qt.Key.Key_Up)
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert "wgsl/u8" not in window.kernels.variants.ticked()
    assert "wgsl/u8-dot4" in window.kernels.variants.ticked()


def test_what_cannot_be_done_now_is_not_offered(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.open_palette()
    shown = palette(window)
    names = [shown.list.item(i).data(ACTION).name for i in range(shown.list.count())]
    assert "run" in names
    assert "stop" not in names
    qtbot.keyClicks(shown.line, "zzzzz")
    assert "Fewer letters" in shown.list.item(0).text()
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert shown.isVisible()


def test_no_two_actions_share_a_key_or_lack_a_tip(make_window: MakeWindow) -> None:
    keys: dict[str, str] = {}
    for action, made in make_window().actions_:
        assert action.tip, action.name
        for shortcut in made.shortcuts():
            text = shortcut.toString()
            assert text not in keys, f"{text}: {keys[text]} and {action.name}"
            keys[text] = action.name


def test_the_list_of_keys_has_each_under_its_menu(make_window: MakeWindow) -> None:
    window = make_window()
    window.actions_["keys"].trigger()
    (text,) = (w for w in window.findChildren(QTextBrowser) if w.accessibleName() == "Keyboard shortcuts")
    listed = [line for line in text.toPlainText().splitlines() if line.strip()]
    for action, _ in window.actions_:
        if action.keys:
            assert listed.count(action.keys) == 1, action.name
    titles = [
        line for line in listed if line in ("File", "Edit", "Run", "View", "Panels", "Help", "In a panel")
    ]
    assert titles == ["File", "Edit", "Run", "View", "Panels", "Help", "In a panel"]
    assert listed.index("File") < listed.index("Ctrl+O") < listed.index("Edit") < listed.index("Ctrl+Z")
