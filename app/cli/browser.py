"""``--browser`` and what belongs to it: browsers whose GPU and Wasm engine become targets."""

import sys
from collections import deque
from collections.abc import Sequence
from typing import Annotated

import typer
from msgspec import Struct

from app.core.errors import KernelscopeError
from app.core.selection import split
from app.engines.browser.find import choose
from app.engines.browser.launch import How, switches
from app.worker.browsers import add_browser
from app.worker.supervisor import Supervisor

ANY = "any"
ANY_SECONDS = 300.0
"""How long somebody may take to open an address by hand."""

Browsers = Annotated[
    list[str] | None,
    typer.Option(
        help="Open this browser and measure in it too: chrome, firefox, a program's path; "
        "or any, which prints an address to open by hand."
    ),
]
Headless = Annotated[bool, typer.Option("--headless", help="Open it without a window.")]
Experimental = Annotated[
    bool,
    typer.Option(
        "--experimental", help="Switch on what Chrome still experiments with, in a profile of its own."
    ),
]
Flags = Annotated[
    list[str] | None,
    typer.Option(
        help="Hand this argument to the browser, such as --use-webgpu-adapter=swiftshader; may repeat."
    ),
]


class BrowserChoice(Struct, frozen=True):
    """What the options name."""

    names: Sequence[str] = ()
    headless: bool = False
    experimental: bool = False
    flags: Sequence[str] = ()


NO_BROWSER = BrowserChoice()


def open_browsers(supervisor: Supervisor, choice: BrowserChoice) -> None:
    """Open each browser and wait for its page; says on stderr what was switched on.

    Raises:
        KernelscopeError: a browser is not installed, does not start or does not open the page, or there is
            none that the other options are for.
    """
    if not choice.names and (choice.headless or choice.experimental or choice.flags):
        raise KernelscopeError("--headless, --experimental and --browser-flag belong to --browser NAME")
    how = How(choice.headless, choice.experimental, tuple(choice.flags))
    for name in split(choice.names):
        if name == ANY:
            print(f"open this in a browser: {supervisor.browsers.address}", file=sys.stderr, flush=True)
            deque(add_browser(supervisor, None, seconds=ANY_SECONDS), maxlen=0)
            continue
        browser = choose(name)
        for switch in switches(browser, how):
            print(f"{browser.name}: {switch.meaning} ({switch.argument})", file=sys.stderr)
        deque(add_browser(supervisor, browser, how), maxlen=0)
