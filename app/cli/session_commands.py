"""The commands that read session files."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import ChartKind, Fail, FailOn, Margin, Theme

app = typer.Typer(rich_markup_mode=None)


@app.command(epilog="Example:  kernelscope open my.kernelscope.json")
def open(session: Annotated[Path | None, typer.Argument(help="A session file.")] = None) -> None:
    """Open the window, with a session if one is given."""
    from app.cli.display import why_no_window
    from app.core.errors import KernelscopeError

    if reason := why_no_window():
        raise KernelscopeError(f"no window: {reason}")
    from app.gui.window.app import main

    raise typer.Exit(main(session))


@app.command(
    epilog="Examples:  kernelscope export my.kernelscope.json --csv data.csv --svg chart.svg  |  "
    "kernelscope export my.kernelscope.json --kind bars --png bars.png --theme dark --type-size 150"
)
def export(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    csv: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the table as JSON.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write a report as Markdown.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a report with its charts as one HTML file.")
    ] = None,
    google_benchmark: Annotated[
        Path | None, typer.Option(help="Write Google Benchmark's JSON, for its compare.py.")
    ] = None,
    pyperf: Annotated[Path | None, typer.Option(help="Write pyperf's JSON, for pyperf compare_to.")] = None,
    png: Annotated[Path | None, typer.Option(help="Draw a chart.")] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw a chart.")] = None,
    pdf: Annotated[
        Path | None,
        typer.Option(help="Write the report as a PDF (6 pages at most); with --kind, a chart."),
    ] = None,
    kind: ChartKind = "",
    workload: Annotated[str, typer.Option(help="The workload that the chart shows. [the first]")] = "",
    quantity: Annotated[
        str,
        typer.Option(
            help="What it shows: speedup, GFLOP/s, GB/s, 'speedup in CPU seconds'… [the kind's first]"
        ),
    ] = "",
    size: Annotated[str, typer.Option(help="The size that the chart shows. [the largest]")] = "",
    target: Annotated[str, typer.Option(help="The target that the chart shows. [the first]")] = "",
    scale: Annotated[
        float, typer.Option(min=0.5, max=10, help="Pixels of the PNG to the unit: 1 is 1280 by 720.")
    ] = 2.0,
    figure: Annotated[str, typer.Option(help="Width and height of the chart in units.")] = "1280x720",
    theme: Annotated[Theme, typer.Option(help="Colours of the chart.")] = Theme.LIGHT,
    type_size: Annotated[
        float, typer.Option(min=50, max=300, help="Size of the chart's type, in per cent of the usual one.")
    ] = 100,
    title: Annotated[str, typer.Option(help="A title for the chart. [its finding]")] = "",
    baseline: Annotated[str | None, typer.Option(help="Another baseline than the session's.")] = None,
    panels: Annotated[
        str, typer.Option(help="What shares a panel of many lines: target, type or none. [target]")
    ] = "",
    articles: Annotated[
        bool, typer.Option("--articles", help="Lay what the articles report under the chart.")
    ] = False,
) -> None:
    """Write tables, reports and charts of a saved session."""
    from app.charts.scene import View
    from app.cli.export import Look, Wanted, export_session, sides

    view = View(kind or "size", workload, quantity, size, target, panels=panels, articles=articles)
    charts = tuple(path for path in (png, svg, pdf if kind else None) if path)
    look = Look(scale, sides(figure), theme.value, type_size, title)
    report = None if kind else pdf
    wanted = Wanted(csv, json, markdown, html, google_benchmark, pyperf, report, charts, look)
    export_session(session, wanted, baseline, view)


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


@app.command(
    epilog="Examples:  kernelscope gather sessions  |  "
    "kernelscope gather sessions --workload matmul --since 2026-10 --driver '*25.*' --html page.html"
)
def gather(
    folders: Annotated[list[Path], typer.Argument(help="Folders of sessions, and session files.")],
    workload: Annotated[str, typer.Option(help="Which problem. [that of the most results]")] = "",
    size: Annotated[str, typer.Option(help="At which size. [that of the most results]")] = "",
    hardware: Annotated[str, typer.Option(help="Only such hardware: glob patterns.")] = "",
    driver: Annotated[str, typer.Option(help="Only such drivers: glob patterns.")] = "",
    app_version: Annotated[str, typer.Option(help="Only of these versions of Kernelscope.")] = "",
    since: Annotated[str, typer.Option(help="Only from this day on: 2026-11-29, or 2026-11.")] = "",
    until: Annotated[str, typer.Option(help="Only up to this day.")] = "",
    baseline: Annotated[str, typer.Option(help="What speedups are over.")] = "f32,f32-scalar",
    html: Annotated[Path | None, typer.Option(help="Write a page to share.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw the heat map (.png, .svg or .pdf).")] = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say which variant wins on which hardware, over all sessions of folders."""
    from app.cli.gather import Wanted, gather_command
    from app.findings.gathered import Filter

    chosen = Filter(since, until, app_version, driver, hardware, workload, size)
    gather_command(folders, chosen, Wanted(baseline, html, chart, json))


@app.command(epilog="Example:  kernelscope explain my.kernelscope.json --variant 'u8*'")
def explain(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    variant: Annotated[list[str] | None, typer.Option(help="Only these variants; names or patterns.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say of every row what its time goes into, with the figures that this follows from."""
    from app.cli.explain import explain_command

    explain_command(session, variant or (), json)


@app.command(epilog="Example:  kernelscope advise my.kernelscope.json")
def advise(
    session: Annotated[Path, typer.Argument(help="A session file.")],
    baseline: Annotated[str | None, typer.Option(help="Another baseline than the session's.")] = None,
    margin: Margin = 2.0,
    json: Annotated[bool, typer.Option("--json", help="Everything, as JSON.")] = False,
) -> None:
    """Say which variant to use, what it costs, and how a page tests for what it needs."""
    from app.cli.advise import advise_command

    advise_command(session, baseline, margin / 100, json)
