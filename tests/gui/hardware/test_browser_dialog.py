"""Adding a browser in the window: a real Chromium, an address that nobody opens, and what is switched on."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.core.target import Runtime
from app.engines.browser.find import CHROMIUM, FIREFOX, Browser
from app.gui.hardware.browser_dialog import BrowserDialog
from app.gui.window.window import MainWindow
from app.worker.supervisor import Supervisor
from tests.engines.browser import a_chromium
from tests.gui.conftest import MakeWindow

CHROME = Browser("Chrome", "/nowhere/chrome", CHROMIUM)
FOX = Browser("Firefox", "/nowhere/firefox", FIREFOX)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(Supervisor(), search=False)


def test_a_browser_joins_the_targets(window: MainWindow, qtbot: Any) -> None:
    dialog = BrowserDialog(window.controller, [a_chromium()], window)
    dialog.headless.setChecked(True)
    dialog.open()
    dialog.add_button.click()
    qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=60_000)
    assert {t.runtime for t in window.controller.targets if t.engine == "browser"} >= {Runtime.WASM}
    assert window.messages.text.startswith("Added ")
    assert "Wasm (Chrom" in window.messages.text


def test_an_address_that_nobody_opens_can_be_given_up(window: MainWindow, qtbot: Any) -> None:
    dialog = BrowserDialog(window.controller, [CHROME], window)
    dialog.open()
    dialog.copy_address()
    assert QApplication.clipboard().text() == dialog.address.text()
    assert dialog.address.text().startswith("http://127.0.0.1:")
    assert window.controller.searching
    assert not window.actions_["add_browser"].isEnabled()
    dialog.reject()
    qtbot.waitUntil(lambda: not window.controller.searching, timeout=30_000)
    assert window.controller.targets == ()


def test_a_browser_that_does_not_start_is_told(window: MainWindow, qtbot: Any) -> None:
    dialog = BrowserDialog(window.controller, [FOX], window)
    dialog.open()
    dialog.add_button.click()
    qtbot.waitUntil(lambda: "Firefox does not start" in dialog.state.text(), timeout=30_000)
    assert dialog.isVisible()
    assert dialog.add_button.isEnabled()


def test_what_is_switched_on_is_said(window: MainWindow) -> None:
    dialog = BrowserDialog(window.controller, [CHROME, FOX], window)
    assert "your own profile" in dialog.switched_on.text()
    dialog.experimental.setChecked(True)
    assert "--enable-unsafe-webgpu" in dialog.switched_on.text()
    assert "thrown away" in dialog.switched_on.text()
    dialog.choices.button(1).click()
    assert not dialog.experimental.isEnabled()
    assert "--enable-unsafe-webgpu" not in dialog.switched_on.text()
    dialog.choices.button(2).click()
    assert dialog.browser is None
