"""What can be done about a case: everything about it, its text, its parameters, and the case once more."""

from typing import Protocol

from app.findings.rows import Row
from app.gui.charts.panel import ChartPanel
from app.gui.kernels.tuner import Tuner
from app.gui.results.details_panel import DetailsPanel
from app.gui.results.why import Evidence
from app.gui.source.panel import Page, SourcePanel
from app.gui.state.controller import Controller
from app.gui.state.deeds import DETAILS, Deed

PAGES = {Evidence.ACCESS: Page.ACCESS, Evidence.CODE: Page.COMPILED}


class Window(Protocol):
    """Where it is done."""

    controller: Controller
    chart: ChartPanel
    details: DetailsPanel
    source: SourcePanel
    tuner: Tuner

    def show_case(self, row: Row) -> None: ...


def case_deeds(window: Window) -> tuple[Deed, ...]:
    """In the order in which they are offered; each is about the case that it chooses.

    Parts of the inspector's sentence lead to their evidence from here as well.
    """
    control = window.controller

    def read(row: Row, page: Page) -> None:
        control.choose(row)
        window.source.open_page(page)

    def edit(row: Row) -> None:
        control.choose(row)
        window.source.edit()

    def tune(row: Row) -> None:
        control.choose(row)
        window.tuner.ask()

    def show(row: Row, evidence: Evidence) -> None:
        """Where a part of the inspector's sentence has its evidence."""
        control.choose(row)
        if evidence is Evidence.LIMIT:
            window.chart.set_mode("roofline")
            window.show_case(row)
        elif evidence in PAGES:
            window.source.open_page(PAGES[evidence])
        else:
            window.show_case(row)

    window.details.evidence_asked.connect(show)

    def tunable(row: Row) -> bool:
        tunable = bool(row.variant.parameters) and not row.target.is_peer
        return not control.busy and tunable and row.target in control.hardware.here

    return (
        Deed(DETAILS, "&Details", "Show all that is known of it", window.show_case),
        Deed("Source", "&Source", "Show the text that ran", lambda row: read(row, Page.TEXT)),
        Deed(
            "Diff",
            "Di&ff",
            "Show the text beside that of the baseline",
            lambda row: read(row, Page.DIFF),
        ),
        Deed(
            "Compiled",
            "Co&mpiled",
            "Show what compilers made of it, beside the baseline",
            lambda row: read(row, Page.COMPILED),
            lambda row: not row.target.is_peer,
        ),
        Deed(
            "Edit",
            "Ed&it",
            "Start a kernel of your own from the text that ran",
            edit,
            lambda row: not row.target.is_peer,
        ),
        Deed("Tune", "&Tune…", "Search the parameters with which it is fastest", tune, tunable),
        Deed(
            "Run again",
            "&Run this again",
            "Measure this case once more, with its baseline and these parameters",
            window.details.run,
            lambda row: not control.running,
        ),
    )
