"""Options that several commands share."""

from typing import Annotated

import typer

from app.catalog.named_plans import NAMED_PLANS
from app.cli.fail_on import FailOn

PLANS = ", ".join(plan.name for plan in NAMED_PLANS)

Targets = Annotated[
    list[str] | None,
    typer.Option(
        help="Targets: ids, engines, wgsl or wasm, glob patterns, or all; may repeat or be a comma list."
    ),
]
Workloads = Annotated[list[str] | None, typer.Option(help="Workloads, likewise. [matvec]")]
Variants = Annotated[list[str] | None, typer.Option(help="Variants, likewise. [those of the quick plan]")]
Kind = Annotated[
    str,
    typer.Option(
        help="The kind of chart: sweep, bars, live, cube, tune, roofline, accuracy, crossover, threads, "
        "samples, suspension or compilers."
    ),
]
Margin = Annotated[float, typer.Option(min=0, max=100, help="Percent up to which times count as the same.")]
Fail = Annotated[
    FailOn, typer.Option(help="What makes the exit code 1: slower cases, those and unsure ones, or nothing.")
]
