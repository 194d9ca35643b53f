"""The commands and their options."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import __version__
from app.cli.browser import BrowserChoice, Browsers, Experimental, Flags, Headless
from app.cli.fail_on import FailOn
from app.cli.history_commands import app as history
from app.core.named_plans import NAMED_PLANS, named_plan, narrowed
from app.core.plan import LIVE_ROUNDS, Settings

if TYPE_CHECKING:
    from app.core.edit import Edit

app = typer.Typer(
    name="kernelscope",
    help="Which WebGPU or WebAssembly feature makes this kernel faster here, "
    "by how much, and how sure is that?\n\n"
    "Without a command: the window; without a display: the quick plan into kernelscope-results/.",
    epilog="Examples:  kernelscope hardware  |  kernelscope run --target 'llvmpipe*' --sizes 512,1024  |  "
    "kernelscope show u8-dot4",
    pretty_exceptions_enable=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(history, name="history")

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


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kernelscope {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example:  kernelscope hardware --json | jq '.[].id'")
def hardware(
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    browser: Browsers = None,
    headless: Headless = False,
    experimental: Experimental = False,
    browser_flag: Flags = None,
) -> None:
    """List the targets of this machine with their features and limits."""
    from app.cli.hardware import print_hardware

    print_hardware(json, BrowserChoice(browser or (), headless, experimental, browser_flag or ()))


@app.command(epilog="Example:  kernelscope kernels")
def kernels(
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """List every variant with what it needs and where it can run."""
    from app.cli.hardware import print_kernels

    print_kernels(json)


@app.command(epilog="Example:  kernelscope show u8-dot4 --set rows_per_thread=1")
def show(
    variant: Annotated[str, typer.Argument(help="The variant's name, such as u8-dot4 or wasm/f32-simd.")],
    workload: Annotated[str, typer.Option(help="The workload it belongs to.")] = "matvec",
    set: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A parameter; may repeat.")
    ] = None,
    web: Annotated[
        bool, typer.Option("--web", help="As a web page takes it: with the directives that browsers demand.")
    ] = False,
) -> None:
    """Print the exact text of a kernel (with the parameters for a GPU unless set)."""
    from app.cli.show import show_variant

    show_variant(variant, workload, set or [], web)


@app.command(
    epilog="Examples:  kernelscope run  |  kernelscope run --target 'llvmpipe*,numpy' --variant 'u8*' "
    "--sizes 1024,4096x2048 --chart speedup.svg --csv data.csv  |  kernelscope run --baseline numpy/f32  |  "
    "kernelscope run --plan crossover.  "
    "Exit code: 0 all well, 1 a case failed or was wrong, 2 wrong usage, 130 stopped by Ctrl-C."
)
def run(
    plan: Annotated[
        str | None,
        typer.Option(help=f"A named plan ({PLANS}); other options take the place of its own. [quick]"),
    ] = None,
    target: Targets = None,
    workload: Workloads = None,
    variant: Variants = None,
    baseline: Annotated[
        list[str] | None,
        typer.Option(
            help="What speedups are over: variants of the same target, or TARGET/VARIANT for all. [f32]"
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
        bool, typer.Option("--cold", help="Rotate through copies of the operands that no cache holds.")
    ] = False,
    live: Annotated[
        bool, typer.Option("--live", help="Measure again and again until Ctrl-C; intervals shrink meanwhile.")
    ] = False,
    kernel: Annotated[
        Path | None, typer.Option(help="A text of your own (WGSL or WAT) to run beside the one of --like.")
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
    kind: Kind = "sweep",
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    browser: Browsers = None,
    headless: Headless = False,
    experimental: Experimental = False,
    browser_flag: Flags = None,
) -> None:
    """Measure, verify and compare; the defaults are the quick plan (about a minute)."""
    from app.cli.run import Outputs, Request, run_command

    named = named_plan(plan or "quick")
    request = Request(
        named,
        narrowed(named, workload or (), target or (), variant or (), sizes or ()),
        baseline or (),
        Settings(seconds=seconds, cold=cold, rounds=LIVE_ROUNDS if live else 0),
        defaults,
        ceilings,
        _edit(kernel, like, workload or ["matvec"], name, set or []),
        BrowserChoice(browser or (), headless, experimental, browser_flag or ()),
    )
    raise typer.Exit(run_command(request, Outputs(out, chart, csv, transfers, kind)))


def _edit(
    kernel: Path | None, like: str | None, workload: list[str], name: str | None, settings: list[str]
) -> "Edit | None":
    """The user's own text, from the options that belong to it."""
    if kernel is None:
        if like or name or settings:
            raise typer.BadParameter("--like, --name and --set belong to --kernel FILE")
        return None
    if not like:
        raise typer.BadParameter("--kernel needs --like VARIANT: whose operands does it read?")
    if len(workload) != 1:
        raise typer.BadParameter("--kernel runs with one --workload")
    from app.cli.edit import read_edit

    return read_edit(kernel, like, workload[0], name or "", settings)


@app.command(
    epilog="Examples:  kernelscope tune --workload matmul --variant f32-tile --sizes 512  |  "
    "kernelscope tune --forget --variant all.  Exit code: 0 all well, 1 nothing could be tuned, "
    "2 wrong usage, 130 stopped by Ctrl-C (what is known by then is kept)."
)
def tune(
    target: Targets = None,
    workload: Workloads = None,
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
    browser: Browsers = None,
    headless: Headless = False,
    experimental: Experimental = False,
    browser_flag: Flags = None,
) -> None:
    """Search each variant's parameters on each target; runs use the best from then on."""
    from app.cli.tune import TuneChoice, tune_command

    choice = TuneChoice(
        *(target or (), workload or ("matvec",), variant or (), sizes or ()),
        seconds,
        apply,
        forget,
        json,
        BrowserChoice(browser or (), headless, experimental, browser_flag or ()),
        out,
    )
    raise typer.Exit(tune_command(choice))


@app.command(epilog="Example:  kernelscope publish page --variant 'u8*' --sizes 512,1024")
def publish(
    folder: Annotated[Path, typer.Argument(help="A new folder, or one that was published before.")],
    plan: Annotated[str, typer.Option(help=f"A named plan ({PLANS}).")] = "quick",
    workload: Workloads = None,
    variant: Variants = None,
    sizes: Annotated[list[str] | None, typer.Option(help="Sizes, as for run. [256,512,1024]")] = None,
    baseline: Annotated[list[str] | None, typer.Option(help="What speedups are over. [f32]")] = None,
    seconds: Annotated[float, typer.Option(min=0.01, max=600, help="Most timed seconds per case.")] = 0.5,
) -> None:
    """Write a page that measures in its visitors' browsers and needs no Kernelscope there."""
    from app.cli.publish import publish_command

    publish_command(folder, plan, workload or (), variant or (), sizes or (), baseline or (), seconds)


@app.command(
    epilog="Examples:  kernelscope ceilings  |  kernelscope ceilings --target 'llvmpipe*' --again --json"
)
def ceilings(
    target: Annotated[
        list[str] | None,
        typer.Option(help="Targets: ids, glob patterns or all; may repeat or be a comma list."),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Measure even what is known.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
    browser: Browsers = None,
    headless: Headless = False,
    experimental: Experimental = False,
    browser_flag: Flags = None,
) -> None:
    """Measure how fast each target reads, copies, computes and transfers at most; kept for later runs."""
    from app.cli.ceilings import print_ceilings

    raise typer.Exit(
        print_ceilings(
            target or (),
            again,
            json,
            BrowserChoice(browser or (), headless, experimental, browser_flag or ()),
        )
    )


@app.command(
    epilog="Examples:  kernelscope export my.kernelscope.json --csv data.csv --svg chart.svg  |  "
    "kernelscope export my.kernelscope.json --kind bars --size 1024 --png bars.png"
)
def export(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the table as JSON.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write a report as Markdown.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a report as one HTML file.")] = None,
    google_benchmark: Annotated[
        Path | None, typer.Option(help="Write Google Benchmark's JSON, for its compare.py.")
    ] = None,
    pyperf: Annotated[Path | None, typer.Option(help="Write pyperf's JSON, for pyperf compare_to.")] = None,
    png: Annotated[Path | None, typer.Option(help="Draw a chart.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw a chart.")] = None,
    pdf: Annotated[Path | None, typer.Option(help="Draw a chart.")] = None,
    kind: Kind = "sweep",
    workload: Annotated[str, typer.Option(help="The workload that the chart shows. [the first]")] = "",
    quantity: Annotated[
        str, typer.Option(help="What the chart shows, such as speedup, GFLOP/s or GB/s. [the kind's first]")
    ] = "",
    size: Annotated[str, typer.Option(help="The size that the chart shows. [the largest]")] = "",
    target: Annotated[str, typer.Option(help="The target that the chart shows. [the first]")] = "",
    scale: Annotated[
        float, typer.Option(min=0.5, max=10, help="Pixels of the PNG to the unit: 1 is 1280 by 720.")
    ] = 2.0,
    baseline: Annotated[str | None, typer.Option(help="Another base line than the session's.")] = None,
    articles: Annotated[
        bool, typer.Option("--articles", help="Lay what the articles report under the chart.")
    ] = False,
) -> None:
    """Write tables and charts of a saved session."""
    from app.cli.export import Look, Wanted, export_session

    look = Look(kind, workload, quantity, size, target, articles)
    charts = tuple(path for path in (png, svg, pdf) if path)
    wanted = Wanted(csv, json, markdown, html, google_benchmark, pyperf, charts, scale)
    export_session(session, wanted, baseline, look)


Margin = Annotated[float, typer.Option(min=0, max=100, help="Percent up to which times count as the same.")]
Fail = Annotated[
    FailOn, typer.Option(help="What makes the exit code 1: slower cases, those and unsure ones, or nothing.")
]


@app.command(
    epilog="Examples:  kernelscope compare old.json new.json --fail-on slower  |  "
    "kernelscope compare *.kernelscope.json --chart gpus.svg --articles  |  "
    "kernelscope compare a.json b.json --hardware.  "
    "Exit code: 0 all well, 1 what --fail-on names (and then what was right and now fails), 2 wrong usage."
)
def compare(
    sessions: Annotated[list[Path], typer.Argument(help="Session files; the others against the first.")],
    baseline: Annotated[
        str | None, typer.Option(help="What speedups are over, in the chart and for one session alone.")
    ] = None,
    margin: Margin = 2.0,
    fail_on: Fail = FailOn.NEVER,
    hardware: Annotated[
        bool, typer.Option("--hardware", help="Who has which feature and limit, instead.")
    ] = False,
    chart: Annotated[Path | None, typer.Option(help="Draw grouped bars (.png, .svg or .pdf).")] = None,
    size: Annotated[str | None, typer.Option(help="The size that the chart shows. [the largest]")] = None,
    articles: Annotated[
        bool, typer.Option("--articles", help="Lay what the articles report under the chart.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Compare sessions: other machines, drivers, versions, days."""
    from app.cli.compare import compare_command, draw_bars
    from app.cli.matrix import print_matrix
    from app.storage.named import load_named

    if hardware:
        print_matrix(load_named(sessions), json)
        return
    if chart:
        draw_bars(sessions, chart, baseline, size, articles)
    raise typer.Exit(compare_command(sessions, margin / 100, fail_on, baseline, json))


@app.command(epilog="Example:  kernelscope advise my.kernelscope.json")
def advise(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    baseline: Annotated[str | None, typer.Option(help="Another base line than the session's.")] = None,
    margin: Margin = 2.0,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say which variant to use, what it costs, and how a page tests for what it needs."""
    from app.cli.advise import advise_command

    advise_command(session, baseline, margin / 100, json)


@app.command(epilog="Example:  kernelscope rerun old.kernelscope.json --out new.kernelscope.json")
def rerun(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    out: Annotated[Path | None, typer.Option(help="Save the new session here.")] = None,
    margin: Margin = 2.0,
    fail_on: Fail = FailOn.NEVER,
    run_edited: Annotated[
        bool, typer.Option("--run-edited", help="Run the session's own kernel texts too: read them first.")
    ] = False,
    browser: Browsers = None,
    headless: Headless = False,
    experimental: Experimental = False,
    browser_flag: Flags = None,
) -> None:
    """Run a session's plan again here, and compare."""
    from app.cli.rerun import rerun_command

    choice = BrowserChoice(browser or (), headless, experimental, browser_flag or ())
    raise typer.Exit(rerun_command(session, out, margin / 100, fail_on, run_edited, choice))


@app.command(epilog="Example:  kernelscope diagnose --out report.txt")
def diagnose(
    out: Annotated[Path | None, typer.Option(help="Write it here instead of printing it.")] = None,
) -> None:
    """What a bug report needs: versions, adapters, drivers, settings, log; your name and folders left out."""
    from app.cli.diagnose import diagnose_command

    diagnose_command(out)


@app.command(epilog="Example:  kernelscope open my.kernelscope.json")
def open(session: Annotated[Path | None, typer.Argument(help="A session file.")] = None) -> None:
    """Open the window, with a session if one is given."""
    from app.cli.main import why_no_window
    from app.core.errors import KernelscopeError

    if reason := why_no_window():
        raise KernelscopeError(f"no window: {reason}")
    from app.gui.app import main

    raise typer.Exit(main(session))
