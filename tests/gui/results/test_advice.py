"""Advice in the window: plain sentences, each with what a page can take over."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication

from app.core.measurement import Measurement
from app.findings.advice import HEADINGS, AdviceKind
from app.gui.parts.theme import Theme
from app.gui.results.advice_panel import AdvicePanel
from tests.gui.conftest import MakeWindow
from tests.gui.made import FULL, FakeSupervisor, session


def shown(window: Any) -> str:
    return str(window.panel(AdvicePanel).text.toPlainText())


def test_sentences_follow_a_run(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((FULL,), pace=0.002))
    panel = window.panel(AdvicePanel)
    assert "No advice yet" in panel.placeholder.text
    window.actions_["run"].trigger()
    assert "Measuring" in panel.placeholder.text
    qtbot.waitUntil(lambda: not window.controller.running, timeout=20_000)
    qtbot.waitUntil(lambda: bool(panel.found), timeout=20_000)
    text = shown(window)
    assert HEADINGS[AdviceKind.CHOICE] in text
    assert "matvec on Full (Vulkan) at 256 to 4096: use u8-dot4: 3.98× faster" in text
    assert "u8-dot4 needs packed_4x8_integer_dot_product. Copy JavaScript · WGSL" in text
    assert "test with" not in text
    window.theme.choose(Theme.DARK)
    window.theme.choose(Theme.LIGHT)
    assert shown(window) == text


def test_copies(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window()
    window.controller.show_session(session())
    panel = window.panel(AdvicePanel)
    qtbot.waitUntil(lambda: bool(panel.found), timeout=20_000)
    number = next(i for i, one in enumerate(panel.found) if one.kind is AdviceKind.FEATURE)
    panel.text.anchorClicked.emit(QUrl(f"copy:{number}/WGSL"))
    assert QApplication.clipboard().text() == "requires packed_4x8_integer_dot_product;\n"
    panel.text.anchorClicked.emit(QUrl(f"copy:{number}/JavaScript"))
    assert "wgslLanguageFeatures" in QApplication.clipboard().text()
    panel.copy_button.click()
    text = QApplication.clipboard().text()
    assert text.startswith("**Which kernel**\n\n- matvec on")
    assert "test with" in text


def test_nothing_is_claimed_of_equals(qtbot: Any, make_window: MakeWindow) -> None:
    def even(m: Measurement) -> Measurement:
        return structs.replace(m, samples=tuple(1e-3 * (1 + 0.2 * (i % 3)) for i in range(12)))

    window = make_window()
    window.controller.show_session(session(spoil=even))
    qtbot.waitUntil(lambda: bool(window.panel(AdvicePanel).found), timeout=20_000)
    assert "faster" not in shown(window).replace("nothing measured is surely faster", "")


@pytest.mark.parametrize("variant", ["f32", "none"])
def test_nothing_to_compare(qtbot: Any, make_window: MakeWindow, tmp_path: Path, variant: str) -> None:
    window = make_window()
    whole = session()
    own = tuple(m for m in whole.measurements if m.case.variant == variant)
    cases = tuple(m.case for m in own)
    window.controller.show_session(
        structs.replace(whole, measurements=own, plan=structs.replace(whole.plan, cases=cases))
    )
    panel = window.panel(AdvicePanel)
    heading = "No advice" if own else "No advice yet"
    qtbot.waitUntil(lambda: panel.placeholder.text.splitlines()[0] == heading)
    assert not panel.copy_button.isEnabled()
