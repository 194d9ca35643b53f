"""``publish``: a plan as a folder for any static web server."""

from collections.abc import Sequence
from pathlib import Path
from shlex import quote

from app.catalog.choose import choose
from app.catalog.named_plans import named_plan, narrowed
from app.cli.output import say
from app.core.plan import Settings
from app.core.selection import split
from app.figures import units
from app.storage.publish import PAGE_TARGETS, publish

SIZES = ("256", "512", "1024")
"""Unless others are named: what a visitor is willing to load."""


def publish_command(
    folder: Path,
    plan: str,
    workload: Sequence[str],
    variant: Sequence[str],
    sizes: Sequence[str],
    baseline: Sequence[str],
    seconds: float,
) -> None:
    """Write the page and say how to look at it.

    Raises:
        KernelscopeError: a name matches nothing, or the folder cannot be written.
    """
    named = named_plan(plan)
    targets = [target.id for target in PAGE_TARGETS]
    choices = narrowed(named, workload, targets, variant, sizes or SIZES)
    chosen = choose(
        choices, PAGE_TARGETS, ",".join(split(baseline)) or named.baseline, Settings(seconds=seconds)
    )
    size = publish(chosen, folder)
    say(f"wrote {folder}: {len(chosen.cases)} cases, {units.bytes_(size)} of data")
    say(f"look at it:  python3 -m http.server --bind 127.0.0.1 --directory {quote(str(folder))}")
