"""Opening the browsers that ``--browser`` names: their GPU and Wasm engine become targets."""

from collections import deque

from app.cli.browser_options import BrowserChoice
from app.cli.output import remark
from app.core.errors import UsageError
from app.core.selection import split
from app.engines.browser.find import choose
from app.engines.browser.launch import How, switches
from app.worker.pages import add_browser
from app.worker.supervisor import Supervisor

ANY = "any"
ANY_SECONDS = 300.0
"""How long somebody may take to open an address by hand."""


def open_browsers(supervisor: Supervisor, choice: BrowserChoice) -> None:
    """Open each browser and wait for its page; says on stderr what was switched on.

    Raises:
        KernelscopeError: a browser is not installed, does not start or does not open the page, or there is
            none that the other options are for.
    """
    if not choice.names and (choice.headless or choice.experimental or choice.flags):
        raise UsageError("--headless, --experimental and --browser-flag belong to --browser NAME")
    how = How(choice.headless, choice.experimental, tuple(choice.flags))
    for name in split(choice.names):
        if name == ANY:
            ticket = supervisor.browsers.ticket()
            remark(f"open this in a browser, once: {ticket}")
            deque(add_browser(supervisor, None, seconds=ANY_SECONDS, ticket=ticket), maxlen=0)
            continue
        browser = choose(name)
        for switch in switches(browser, how):
            remark(f"{browser.name}: {switch.meaning} ({switch.argument})")
        deque(add_browser(supervisor, browser, how), maxlen=0)
