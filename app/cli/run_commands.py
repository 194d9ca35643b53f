"""The commands that measure."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.catalog.named_plans import named_plan, narrowed
from app.cli.browser_options import NO_BROWSER, BrowserChoice, with_browsers
from app.cli.options import PLANS, ChartKind, Fail, FailOn, Keys, Margin, Targets, Variants, Workloads
from app.cli.problem_commands import Problems, opened
from app.core.kinds import NORMAL, check_kind
from app.core.plan import LIVE_ROUNDS, MOST_INSTANCES, Settings
from app.core.selection import split

if TYPE_CHECKING:
    from app.cli.fleet import Wanted
    from app.core.edit import Edit


app = typer.Typer(rich_markup_mode=None)


@app.command(
    epilog="Examples:  kernelscope run  |  kernelscope run --target 'llvmpipe*,numpy' --variant 'u8*' "
    "--sizes 1024,4096x2048 --chart speedup.svg --csv data.csv  |  kernelscope run --baseline numpy/f32  |  "
    "kernelscope run --plan crossover.  "
    "Exit code: 0 all well, 1 a case failed or was wrong, 2 wrong usage, 130 stopped by Ctrl-C."
)
@with_browsers
def run(
    plan: Annotated[
        str | None,
        typer.Option(help=f"A named plan ({PLANS}); other options take the place of its own. [quick]"),
    ] = None,
    target: Targets = None,
    workload: Workloads = None,
    problem: Problems = None,
    variant: Variants = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            help="What speedups are over: variants of the same target, or TARGET/VARIANT for all. "
            "[f32,f32-simd]"
        ),
    ] = None,
    sizes: Annotated[
        list[str] | None,
        typer.Option(
            help="512 (square), 32768x2048, or a preset such as gemma-2b-layer. [256,512,1024,2048,4096]"
        ),
    ] = None,
    seconds: Annotated[float, typer.Option(min=0.01, max=600, help="Most timed seconds per case.")] = 0.5,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Use no tuned parameters, only the defaults.")
    ] = False,
    ceilings: Annotated[
        bool,
        typer.Option(
            "--ceilings/--no-ceilings", help="Measure first how fast each target can be, if unknown."
        ),
    ] = True,
    transfers: Annotated[
        bool, typer.Option("--transfers", help="Show GPU times with their transfers as well.")
    ] = False,
    cold: Annotated[
        bool,
        typer.Option(
            "--bypass-caches", "--cold", help="Rotate through copies of the operands that no cache holds."
        ),
    ] = False,
    operands: Annotated[
        str,
        typer.Option(help="normal, or outliers: a few channels and rows much larger, as in real models."),
    ] = NORMAL,
    weights: Annotated[
        str | None,
        typer.Option(help="Trained weights for models: a .safetensors file, or a name that was fetched."),
    ] = None,
    instances: Annotated[
        int,
        typer.Option(
            min=1, max=MOST_INSTANCES, help="Prepare each kernel so often; intervals hold all of them."
        ),
    ] = 1,
    live: Annotated[
        bool, typer.Option("--live", help="Measure again and again until Ctrl-C; intervals shrink meanwhile.")
    ] = False,
    kernel: Annotated[
        list[Path] | None,
        typer.Option(help="A kernel of your own (WGSL, WAT, Wasm) to run beside that of --like; may repeat."),
    ] = None,
    like: Annotated[
        str | None, typer.Option(help="The variant that --kernel was made from; see: kernelscope show.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="What to call it. [the variant's name and the file's]")
    ] = None,
    set: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter that it was written for; may repeat."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Save the session here.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw a chart (.png, .svg or .pdf).")] = None,
    kind: ChartKind = "size",
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    fleet: Annotated[
        str | None, typer.Option(help="Run on the machines of the fleet whose scheduler is at HOST:PORT.")
    ] = None,
    keys: Keys = None,
    machine: Annotated[
        list[str] | None, typer.Option(help="Machines of the fleet: names or glob patterns. [all]")
    ] = None,
    priority: Annotated[
        int, typer.Option(min=-100, max=100, help="In the fleet; of equal ones groups take turns.")
    ] = 0,
    resume: Annotated[
        str | None, typer.Option(help="Go on with a run that the fleet remembers; see: fleet runs.")
    ] = None,
    browsers: BrowserChoice = NO_BROWSER,
) -> None:
    """Measure, verify and compare; the defaults are the quick plan (a minute or two)."""
    from app.catalog.request import Request
    from app.cli.run import Job, Outputs, run_command

    check_kind(operands)
    label = ""
    if weights:
        from app.machine.weights import use

        label = use(weights)
    named = named_plan(plan or "quick")
    workload = [*(workload or ()), *opened(problem)]
    edits = _edits(kernel or [], like, workload or ["matvec"], name, set or [])
    own = ",".join(split(baseline or ()))
    request = Request(
        choices=narrowed(named, workload or (), target or (), variant or (), sizes or ()),
        baseline=own or named.baseline,
        settings=Settings(
            seconds=seconds,
            cold=cold,
            operands=operands,
            weights=label,
            instances=instances,
            rounds=LIVE_ROUNDS if live else 0,
        ),
        edits=tuple(edits),
        defaults=defaults,
    )
    wanted = _fleet(fleet, keys, machine or (), resume or "", priority, ceilings)
    job = Job(request, bool(own), ceilings, browsers, wanted)
    raise typer.Exit(run_command(job, Outputs(out, chart, csv, transfers, kind)))


def _fleet(
    address: str | None,
    keys: Path | None,
    machines: Sequence[str],
    resume: str,
    priority: int,
    ceilings: bool,
) -> "Wanted | None":
    """The fleet to run on, from the options that belong to it."""
    if not address:
        if keys or machines or resume or priority:
            raise typer.BadParameter("--keys, --machine, --priority and --resume belong to --fleet ADDRESS")
        return None
    from app.cli.fleet import Wanted

    return Wanted(address, keys, tuple(split(machines)), resume, priority, ceilings)


def _edits(
    kernels: list[Path], like: str | None, workload: list[str], name: str | None, settings: list[str]
) -> "list[Edit]":
    """The user's own texts, from the options that belong to them."""
    if not kernels:
        if like or name or settings:
            raise typer.BadParameter("--like, --name and --set belong to --kernel FILE")
        return []
    if not like:
        raise typer.BadParameter("--kernel needs --like VARIANT: whose operands does it read?")
    if len(workload) != 1:
        raise typer.BadParameter("--kernel runs with one --workload")
    if name and len(kernels) > 1:
        raise typer.BadParameter("--name is for one --kernel; several are called after their files")
    from app.cli.edit import read_edits

    return read_edits(kernels, like, workload[0], name or "", settings)


@app.command(
    epilog="Examples:  kernelscope tune --workload matmul --variant f32-tile --sizes 512  |  "
    "kernelscope tune --forget --variant all.  Exit code: 0 all well, 1 nothing could be tuned, "
    "2 wrong usage, 130 stopped by Ctrl-C (what is known by then is kept)."
)
@with_browsers
def tune(
    target: Targets = None,
    workload: Workloads = None,
    problem: Problems = None,
    variant: Variants = None,
    sizes: Annotated[
        list[str] | None,
        typer.Option(
            "--sizes", "--size", help="Where to tune; holds for sizes like it. [the largest default]"
        ),
    ] = None,
    seconds: Annotated[
        float, typer.Option(min=1, max=3600, help="Most seconds per variant and size.")
    ] = 120.0,
    apply: Annotated[
        bool, typer.Option("--apply/--no-apply", help="Keep the best, so that runs use it; or only show it.")
    ] = True,
    forget: Annotated[
        bool, typer.Option("--forget", help="Remove what is known of the chosen variants, at every size.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    out: Annotated[
        Path | None, typer.Option(help="Save all that was tried here, for export --kind tune and the window.")
    ] = None,
    browsers: BrowserChoice = NO_BROWSER,
) -> None:
    """Search each variant's parameters on each target; runs use the best from then on."""
    from app.cli.tune import TuneChoice, tune_command

    choice = TuneChoice(
        *(target or (), [*(workload or ()), *opened(problem)] or ("matvec",), variant or (), sizes or ()),
        seconds,
        apply,
        forget,
        json,
        browsers,
        out,
    )
    raise typer.Exit(tune_command(choice))


@app.command(epilog="Example:  kernelscope rerun old.kernelscope.json --out new.kernelscope.json")
@with_browsers
def rerun(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    out: Annotated[Path | None, typer.Option(help="Save the new session here.")] = None,
    margin: Margin = 2.0,
    fail_on: Fail = FailOn.NEVER,
    run_edited: Annotated[
        bool, typer.Option("--run-edited", help="Run the session's own kernel texts too: read them first.")
    ] = False,
    problem: Problems = None,
    browsers: BrowserChoice = NO_BROWSER,
) -> None:
    """Run a session's plan again here, and compare."""
    from app.cli.rerun import rerun_command

    opened(problem)
    raise typer.Exit(rerun_command(session, out, margin / 100, fail_on, run_edited, browsers))


@app.command(epilog="Example:  kernelscope publish page --variant 'u8*' --sizes 512,1024")
def publish(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one that was published before.")],
    plan: Annotated[str, typer.Option(help=f"A named plan ({PLANS}).")] = "quick",
    workload: Workloads = None,
    problem: Problems = None,
    variant: Variants = None,
    sizes: Annotated[list[str] | None, typer.Option(help="Sizes, as for run. [256,512,1024]")] = None,
    baseline: Annotated[list[str] | None, typer.Option(help="What speedups are over. [f32,f32-simd]")] = None,
    seconds: Annotated[float, typer.Option(min=0.01, max=600, help="Most timed seconds per case.")] = 0.5,
) -> None:
    """Write a page that measures in its visitors' browsers and needs no Kernelscope there."""
    from app.cli.publish import publish_command

    own = opened(problem)
    workload = [*(workload or ()), *own]
    publish_command(folder, plan, workload, variant or (), sizes or (), baseline or (), seconds)
