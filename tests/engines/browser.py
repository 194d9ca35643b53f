"""What the tests of browsers share: a Chromium without a window, on SwiftShader."""

import pytest

from app.core.errors import KernelscopeError
from app.engines.browser.find import CHROMIUM, Browser, find_browsers
from app.engines.browser.launch import How

SWIFTSHADER = How(headless=True, arguments=("--use-webgpu-adapter=swiftshader",))


def a_chromium() -> Browser:
    """An installed browser of Chrome's family; the test is skipped where there is none."""
    for browser in find_browsers():
        if browser.kind == CHROMIUM:
            return browser
    pytest.skip("no Chromium is installed: run.py test --browser installs one")
    raise KernelscopeError("unreachable")
