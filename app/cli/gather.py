"""``gather``: what the sessions of whole folders say together."""

import sys
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from app.cli.export import no_qt
from app.cli.output import plain_table, print_json, print_table, remark, say
from app.core.errors import KernelscopeError
from app.figures import units
from app.findings.gathered import BASELINE, Filter, Gathered, gathered
from app.storage.files import check_writable, write_atomically
from app.storage.gathered_page import gathered_html
from app.storage.gathering import gather_points

MOST_SHOWN = 5
"""Files left out and figures set aside that are named one by one."""


class Wanted(Struct, frozen=True):
    """What is to become of it."""

    baseline: str = BASELINE
    html: Path | None = None
    chart: Path | None = None
    json: bool = False


def gather_command(paths: Sequence[Path], chosen: Filter, wanted: Wanted) -> None:
    """Print which variant wins on which hardware; write what was asked for."""
    for out in (wanted.html, wanted.chart):
        if out:
            check_writable(out)
    found = gathered(gather_points(paths, told=_told), chosen, wanted.baseline)
    if wanted.json:
        print_json(found)
    else:
        _print(found)
    if wanted.html:
        write_atomically(wanted.html, gathered_html(found).encode())
        remark(f"wrote {wanted.html}")
    if wanted.chart:
        _draw(found, wanted.chart)
        remark(f"wrote {wanted.chart}")


def _told(count: int, of: int) -> None:
    if sys.stderr.isatty() and (count % 50 == 0 or count == of):
        remark(f"\r{count} of {of} sessions read", end="\n" if count == of else "")


def _draw(found: Gathered, path: Path) -> None:
    from app.charts.gathered import gathered_grid

    try:
        from app.gui.charts.export import export_picture
    except ImportError as error:
        raise KernelscopeError(no_qt("chart", error)) from error
    export_picture(gathered_grid(found), path)


def _print(found: Gathered) -> None:
    dates = f"{found.dates[0]} to {found.dates[1]}"
    table = plain_table(
        "hardware",
        "fastest",
        right=("sessions", "it won", "speedup", "half of them"),
        title=f"{found.workload} {found.shape}: {found.sessions} sessions, {dates}",
    )
    for name in found.hardware:
        best = found.winner(name)
        table.add_row(
            name,
            best.variant,
            str(best.count),
            str(best.wins),
            units.speedup(best.median, best.low, best.high),
            f"{units.times(best.lower)} to {units.times(best.upper)}",
        )
    print_table(table)
    say(f"  {found.finding}; speedups are over {found.baseline} of the same target")
    for what, lines in (
        ("set aside", [f"{Path(one.path).name}: {one.what}: {one.reason}" for one in found.aside]),
        ("left out", [f"{path}: {reason}" for path, reason in found.left]),
    ):
        for line in lines[:MOST_SHOWN]:
            say(f"  {what}: {line}")
        if len(lines) > MOST_SHOWN:
            say(f"  {what}: {len(lines) - MOST_SHOWN} more; --html and --json have all")
    if found.others:
        few = ", ".join(found.others[:MOST_SHOWN])
        more = f" and {len(found.others) - MOST_SHOWN} more" if len(found.others) > MOST_SHOWN else ""
        say(f"  there are also (--workload, --size): {few}{more}")
