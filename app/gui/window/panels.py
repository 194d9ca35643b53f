"""The panels of the window, in one table: each stands in a dock of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtWidgets import QWidget

from app.gui.charts.panel import ChartPanel
from app.gui.compare.panel import ComparePanel
from app.gui.hardware.panel import HardwarePanel
from app.gui.history.panel import HistoryPanel
from app.gui.kernels.panel import KernelsPanel
from app.gui.parts.memory import Memory
from app.gui.results.advice_panel import AdvicePanel
from app.gui.results.details_panel import DetailsPanel
from app.gui.results.log_panel import LogPanel
from app.gui.results.results_panel import ResultsPanel
from app.gui.source.panel import SourcePanel
from app.gui.state.controller import Controller


class Place(Enum):
    """The place of a panel at first; those of one place share it as tabs."""

    LEFT = auto()
    MIDDLE = auto()
    BELOW = auto()
    BESIDE = auto()


@dataclass(frozen=True)
class Panel:
    """``make`` builds the widget; its ``commands()``, if it has any, go into the menus."""

    name: str
    title: str
    place: Place
    make: Callable[[Controller, Memory], QWidget]


PANELS = (
    Panel("kernels", "Kernels", Place.LEFT, KernelsPanel),
    Panel("chart", "Chart", Place.MIDDLE, lambda control, _: ChartPanel(control)),
    Panel("hardware", "Hardware", Place.MIDDLE, lambda control, _: HardwarePanel(control)),
    Panel("compare", "Compare", Place.MIDDLE, ComparePanel),
    Panel("history", "History", Place.MIDDLE, HistoryPanel),
    Panel("source", "Source", Place.MIDDLE, SourcePanel),
    Panel("results", "Results", Place.BELOW, lambda control, _: ResultsPanel(control)),
    Panel("advice", "Advice", Place.BELOW, lambda control, _: AdvicePanel(control)),
    Panel("details", "Details", Place.BESIDE, lambda control, _: DetailsPanel(control)),
    Panel("log", "Log", Place.BELOW, lambda _control, _memory: LogPanel()),
)
