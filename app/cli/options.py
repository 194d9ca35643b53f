"""Options that several commands share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.catalog.named_plans import NAMED_PLANS


class FailOn(StrEnum):
    """Which verdicts make the exit code 1; unless never, so does a case that was right and is so no more."""

    NEVER = "never"
    SLOWER = "slower"
    NOT_SURE = "not-sure"


class Theme(StrEnum):
    """The colours of a chart."""

    LIGHT = "light"
    DARK = "dark"


PLANS = ", ".join(plan.name for plan in NAMED_PLANS)

Targets = Annotated[
    list[str] | None,
    typer.Option(
        help="Targets: ids, engines, wgsl or wasm, glob patterns, or all; may repeat or be a comma list. "
        "[each GPU once, software where there is none, Wasm, NumPy]"
    ),
]
Keys = Annotated[
    Path | None,
    typer.Option(help="The folder with this program's keys, as fleet keys made it. [none, on loopback]"),
]
Workloads = Annotated[list[str] | None, typer.Option(help="Workloads, likewise. [matvec]")]
Variants = Annotated[list[str] | None, typer.Option(help="Variants, likewise. [those of the quick plan]")]
ChartKind = Annotated[
    str,
    typer.Option(
        help="The kind of chart: size, bars, heatmap, roofline, accuracy, live, samples, tune, "
        "crossover, threads, suspension or compilers."
    ),
]
Margin = Annotated[float, typer.Option(min=0, max=100, help="Percent up to which times count as the same.")]
Fail = Annotated[
    FailOn, typer.Option(help="What makes the exit code 1: slower cases, those and unsure ones, or nothing.")
]
