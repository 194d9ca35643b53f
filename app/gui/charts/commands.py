"""What the chart panel offers by menu, key and palette."""

from functools import partial
from typing import Protocol

from app.charts.modes import MODES, Mode
from app.charts.picture import Picture
from app.charts.scene import View
from app.findings.series import Quantity
from app.gui.parts.actions import Action

QUANTITIES = {
    Quantity.SPEEDUP: ("&Speedup", "How many times faster than the baseline"),
    Quantity.GFLOPS: ("&GFLOP/s", "Arithmetic done per second"),
    Quantity.GBYTES: ("G&B/s", "Memory traffic per second when every operand is read once"),
    Quantity.CPU_SPEEDUP: ("&CPU speedup", "Speedups in the processor's seconds, where these are known"),
}


class Charts(Protocol):
    """A panel that shows a session in one mode or another."""

    view: View
    picture: Picture | None

    @property
    def mode(self) -> Mode: ...
    def set_mode(self, name: str) -> None: ...
    def step_mode(self, by: int) -> None: ...
    def shows(self, mode: str) -> bool: ...
    def set_quantity(self, quantity: str) -> None: ...
    def toggle_articles(self) -> None: ...
    def fit(self) -> None: ...
    def copy_figure(self) -> None: ...
    def let_go(self) -> None: ...
    def pinned(self) -> str: ...
    def resume(self) -> None: ...
    def left(self) -> int: ...
    def clear_filter(self) -> None: ...


def chart_commands(panel: Charts) -> list[Action]:
    """The modes and ways between them, the quantities that most share, the articles, and all points."""
    resume = Action(
        "resume",
        "&Run",
        "R&esume",
        "Ctrl+Shift+F5",
        "Measure what a stopped run left; rows that are there stay",
        panel.resume,
        when=lambda: panel.left() > 0,
    )
    unfilter = Action(
        "unfilter",
        "&View",
        "&Clear the filter",
        "",
        "Show all rows in table and chart",
        panel.clear_filter,
    )
    return [resume, unfilter, *_modes(panel), *_quantities(panel), *_looks(panel)]


def _modes(panel: Charts) -> list[Action]:
    modes = [
        Action(
            f"chart-{mode.name}",
            "&View",
            mode.title,
            f"Ctrl+{i}" if i < 10 else "",
            mode.tip,
            partial(panel.set_mode, mode.name),
            checked=partial(panel.shows, mode.name),
        )
        for i, mode in enumerate(MODES, 1)
    ]
    steps = [
        Action(
            name,
            "&View/&Kind of chart",
            text,
            keys,
            f"The chart that stands {where} this one in the bar above it",
            partial(panel.step_mode, by),
        )
        for name, text, keys, where, by in (
            ("next-chart", "&Next", "Ctrl+PgDown", "after", 1),
            ("previous-chart", "&Previous", "Ctrl+PgUp", "before", -1),
        )
    ]
    return [*modes, *steps]


def _quantities(panel: Charts) -> list[Action]:
    return [
        Action(
            quantity.name.lower(),
            "&View/&Quantity",
            text,
            f"Ctrl+Alt+{i}",
            tip,
            partial(panel.set_quantity, quantity.value),
        )
        for i, (quantity, (text, tip)) in enumerate(QUANTITIES.items(), 1)
    ]


def _looks(panel: Charts) -> list[Action]:
    return [
        Action(
            "articles",
            "&View",
            "Articles' &figures",
            "",
            "Lay what the two articles report under the chart, in grey",
            panel.toggle_articles,
            when=lambda: panel.mode.articles,
            checked=lambda: panel.view.articles,
        ),
        Action(
            "copy-figure",
            "&Edit",
            "Copy &figure",
            "Ctrl+Alt+C",
            "The chart under its finding on the clipboard, as PNG and SVG; Ctrl+C on the chart does it too",
            panel.copy_figure,
            when=lambda: panel.picture is not None,
        ),
        Action(
            "let-go",
            "&View",
            "&Let go",
            "Esc",
            "Take what is kept in focus by a click out of it again",
            panel.let_go,
            when=lambda: bool(panel.pinned()),
        ),
        Action(
            "fit",
            "&View",
            "Show &all points",
            "Ctrl+0",
            "Undo zooming and panning; a double click does it too",
            panel.fit,
        ),
    ]
