"""``--browser`` and what belongs to it: the options of every command that can measure in browsers."""

from collections.abc import Callable, Sequence
from inspect import Signature, signature
from typing import Annotated

import typer
from msgspec import Struct

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


def with_browsers(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` these options as its last; what they name is its argument ``browsers``."""

    def run(
        *,
        browser: Browsers = None,
        headless: Headless = False,
        experimental: Experimental = False,
        browser_flag: Flags = None,
        **own: object,
    ) -> None:
        command(**own, browsers=BrowserChoice(browser or (), headless, experimental, browser_flag or ()))

    *options, _ = signature(run).parameters.values()
    own_options = [p for p in signature(command).parameters.values() if p.name != "browsers"]
    for name in ("__name__", "__module__", "__doc__"):
        setattr(run, name, getattr(command, name))
    # Typer reads the options from here.
    run.__signature__ = Signature([*own_options, *options])  # type: ignore[attr-defined]
    return run
