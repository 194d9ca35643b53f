"""Writing tables, reports and charts of a session."""

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


class Wanted(Struct, frozen=True):
    """The files to write, None for those not asked for; ``scale`` is of PNGs, pixels to the unit."""

    csv: Path | None = None
    json: Path | None = None
    markdown: Path | None = None
    html: Path | None = None
    google_benchmark: Path | None = None
    pyperf: Path | None = None
    pdf: Path | None = None
    charts: tuple[Path, ...] = ()
    scale: float = 2.0


def export_session(path: Path, wanted: Wanted, baseline: str | None, view: View = DEFAULT) -> None:
    """Write what was asked for; says which files it wrote."""
    if wanted == Wanted(scale=wanted.scale):
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
        draw(session, chart, baseline, view, wanted.scale)
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


def write_csv(session: Session, path: Path, baseline: str | None = None) -> None:
    """Write the documented CSV and say so."""
    write_atomically(path, csv_text(rows(session, workloads(), baseline)).encode())
    say(f"wrote {path}")


def draw(
    session: Session,
    path: Path,
    baseline: str | None = None,
    view: View = DEFAULT,
    scale: float = 2.0,
) -> None:
    """Draw a chart, the speedups over size unless ``view`` asks for another, and say so.

    Raises:
        KernelscopeError: Qt is missing, there is no such chart, or it cannot be drawn or written.
    """
    try:
        from app.gui.charts.export import export_chart
    except ImportError as error:
        raise KernelscopeError(no_qt("chart", error)) from error
    figures = articles() if view.articles else None
    export_chart(session, path, view, baseline, figures, scale)
    say(f"wrote {path}")
