"""Writing tables, reports and charts of a session."""

import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from app.charts.scene import DEFAULT, View
from app.cli.baseline import check_measured
from app.cli.output import remark, say
from app.core.errors import KernelscopeError, UsageError
from app.core.session import Session
from app.findings.rows import Row, rows
from app.storage.files import load, write_atomically
from app.storage.interop import google_benchmark_json, pyperf_json
from app.storage.reports import Chart, heading, html_report, markdown_report
from app.storage.shipped import articles
from app.storage.tables import csv_text, json_text
from app.workloads import workloads


class Look(Struct, frozen=True):
    """What charts look like: ``scale`` is of PNGs, pixels to the unit; ``size`` is in units, and that of type
    in per cent of the usual one. ``title`` takes the place of the finding.
    """

    scale: float = 2.0
    size: tuple[int, int] = (1280, 720)
    theme: str = "light"
    type_size: float = 100.0
    title: str = ""


USUAL_LOOK = Look()


class Wanted(Struct, frozen=True):
    """The files to write, None for those not asked for, and how charts look."""

    csv: Path | None = None
    json: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    google_benchmark: Path | None = None
    pyperf: Path | None = None
    pdf: Path | None = None
    charts: tuple[Path, ...] = ()
    look: Look = USUAL_LOOK


def export_session(path: Path, wanted: Wanted, baseline: str | None, view: View = DEFAULT) -> None:
    """Write what was asked for; says which files it wrote."""
    if wanted == Wanted(look=wanted.look):
        raise UsageError(
            "nothing to export: give a file for a chart (--png, --svg), a report (--html, --pdf, --markdown) "
            "or data (--csv, --json, --google-benchmark, --pyperf)"
        )
    session = load(path)
    check_measured([session], baseline)
    base = baseline or session.plan.baseline
    found = rows(session, workloads(), base)
    makers: list[tuple[Path | None, Callable[[], str | bytes]]] = [
        (wanted.csv, lambda: csv_text(found)),
        (wanted.json, lambda: json_text(found)),
        (wanted.markdown, lambda: markdown_report(session, found, base)),
        (wanted.google_benchmark, lambda: google_benchmark_json(session, found)),
        (wanted.pyperf, lambda: pyperf_json(session, found)),
        (wanted.html, lambda: _html(session, found, base)),
        (wanted.pdf, lambda: _pdf(session, found, base)),
    ]
    for out, make in makers:
        if out:
            made = make()
            write_atomically(out, made.encode() if isinstance(made, str) else made)
            say(f"wrote {out}")
    for chart in wanted.charts:
        draw(session, chart, baseline, view, wanted.look)
    if wanted.charts and view.articles:
        say(articles().note)


def _html(session: Session, found: list[Row], baseline: str) -> str:
    """The report as HTML, with charts where Qt loads: one without them is better than none."""
    charts: dict[str, tuple[Chart, ...]] = {}
    try:
        from app.gui.charts.report import report_charts
    except ImportError as error:
        remark(f"kernelscope: the report has no charts: Qt does not load ({error})")
    else:
        charts = report_charts(session, found, baseline)
    return html_report(session, found, baseline, charts, heading(session))


def _pdf(session: Session, found: list[Row], baseline: str) -> bytes:
    """The report as a PDF, which Qt writes."""
    try:
        from app.gui.charts.document import report_pdf
    except ImportError as error:
        raise KernelscopeError(no_qt("PDF", error)) from error
    return report_pdf(session, found, baseline)


def no_qt(what: str, error: ImportError) -> str:
    """Why there is none of something that Qt draws."""
    remedy = "install PySide6-Essentials, pyqtgraph and Qt's system libraries"
    return f"no {what}: Qt does not load ({error}); {remedy}"


SIDES = re.compile(r"(\d{3,4}) ?[x×] ?(\d{3,4})")


def sides(text: str) -> tuple[int, int]:
    """``1280x720`` as two numbers.

    Raises:
        UsageError: it is none such.
    """
    found = SIDES.fullmatch(text.strip())
    if found is None or not all(240 <= int(side) <= 4000 for side in found.groups()):
        raise UsageError(f"--figure {text}: give the width and height in units of 240 to 4000, as 1280x720")
    return int(found[1]), int(found[2])


def write_csv(session: Session, path: Path, baseline: str | None = None) -> None:
    """Write the documented CSV and say so."""
    write_atomically(path, csv_text(rows(session, workloads(), baseline)).encode())
    say(f"wrote {path}")


def draw(
    session: Session,
    path: Path,
    baseline: str | None = None,
    view: View = DEFAULT,
    look: Look = USUAL_LOOK,
) -> None:
    """Draw a chart, the speedups over size unless ``view`` asks for another, and say so.

    Raises:
        KernelscopeError: Qt is missing, there is no such chart, or it cannot be drawn or written.
    """
    try:
        from app.gui.charts.export import export_chart
        from app.gui.charts.paper import Paper
        from app.gui.parts.theme import DARK, LIGHT
    except ImportError as error:
        raise KernelscopeError(no_qt("chart", error)) from error
    figures = articles() if view.articles else None
    colours = DARK if look.theme == "dark" else LIGHT
    paper = Paper(*look.size, colours, look.type_size / 100, look.title)
    export_chart(session, path, view, baseline, figures, look.scale, paper)
    say(f"wrote {path}")
