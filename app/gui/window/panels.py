"""The panels of the window, in one table: each stands in a dock of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtWidgets import QWidget

from app.gui.charts.panel import ChartPanel
from app.gui.compare.panel import ComparePanel
from app.gui.hardware.panel import HardwarePanel
from app.gui.history.panel import HistoryPanel
from app.gui.parts.memory import Memory
from app.gui.results.advice_panel import AdvicePanel
from app.gui.results.details_panel import DetailsPanel
from app.gui.results.log_panel import LogPanel
from app.gui.results.results_panel import ResultsPanel
from app.gui.source.panel import SourcePanel
from app.gui.state.controller import Controller


class Place(Enum):
    """The place of a panel at first. Of those in the middle one is seen at a time; the rail changes it."""

    MIDDLE = auto()
    BELOW = auto()
    BESIDE = auto()


@dataclass(frozen=True)
class Panel:
    """``make`` builds the widget; its ``commands()``, if it has any, go into the menus.

    ``rail`` is what its button is called, and ``icon`` the picture on it; others have none.
    """

    name: str
    title: str
    place: Place
    make: Callable[[Controller, Memory], QWidget]
    rail: str = ""
    icon: str = ""


def _middle(name: str, title: str, make: Callable[[Controller, Memory], QWidget], rail: str = "") -> Panel:
    return Panel(name, title, Place.MIDDLE, make, rail or title, f"rail-{name}")


PANELS = (
    _middle("chart", "Chart", lambda control, _: ChartPanel(control), "Results"),
    _middle("source", "Kernel", SourcePanel),
    _middle("compare", "Compare", ComparePanel),
    _middle("history", "History", HistoryPanel),
    _middle("hardware", "Hardware", lambda control, _: HardwarePanel(control)),
    _middle("advice", "Advice", lambda control, _: AdvicePanel(control)),
    _middle("log", "Log", lambda _control, _memory: LogPanel()),
    Panel("results", "Table", Place.BELOW, ResultsPanel),
    Panel("details", "Inspector", Place.BESIDE, lambda control, _: DetailsPanel(control)),
)
