"""Writing tables and charts of a session."""

from pathlib import Path

from app.core.errors import KernelscopeError
from app.core.rows import rows
from app.core.session import Session
from app.storage.articles import articles
from app.storage.files import load, write_atomically
from app.storage.tables import csv_text, json_text
from app.workloads import workloads


def export_session(
    path: Path,
    csv: Path | None,
    json: Path | None,
    charts: list[Path],
    baseline: str | None,
    with_articles: bool = False,
) -> None:
    """Write what was asked for; says which files it wrote."""
    if not (csv or json or charts):
        raise KernelscopeError("nothing to export: give at least one of --csv, --json, --png, --svg")
    session = load(path)
    if csv:
        write_csv(session, csv, baseline)
    if json:
        write_atomically(json, json_text(rows(session, workloads(), baseline)).encode())
        print(f"wrote {json}")
    for chart in charts:
        draw(session, chart, baseline, with_articles)
    if charts and with_articles:
        print(articles().note)


def write_csv(session: Session, path: Path, baseline: str | None = None) -> None:
    """Write the documented CSV and say so."""
    write_atomically(path, csv_text(rows(session, workloads(), baseline)).encode())
    print(f"wrote {path}")


def draw(session: Session, path: Path, baseline: str | None = None, with_articles: bool = False) -> None:
    """Draw the speedup chart, over the articles' figures if asked for, and say so.

    Raises:
        KernelscopeError: Qt is missing, or the chart cannot be drawn or written.
    """
    try:
        from app.gui.charts.export import export_chart
    except ImportError as error:
        raise KernelscopeError(
            f"no chart: Qt does not load ({error}); "
            "install PySide6-Essentials, pyqtgraph and Qt's system libraries"
        ) from error
    export_chart(session, path, baseline=baseline, articles=articles() if with_articles else None)
    print(f"wrote {path}")
