"""The actions that concern the window as a whole."""

from typing import Protocol

from app.gui.charts.panel import ChartPanel
from app.gui.parts.actions import Action


class Window(Protocol):
    """What a window can do as a whole."""

    chart: ChartPanel

    def present(self) -> None: ...
    def open_palette(self) -> None: ...
    def find_results(self) -> None: ...
    def close(self) -> bool: ...


def window_commands(window: Window) -> list[Action]:
    """Presentation, palette and the like."""
    return [
        Action(
            "quit", "&File", "&Quit", "Ctrl+Q", "Leave; asks first when something is unsaved", window.close
        ),
        Action(
            "present",
            "&View",
            "&Present full-screen",
            "F11",
            "The chart alone in large type: left and right step through saved views or modes, Esc leaves",
            window.present,
            when=lambda: window.chart.picture is not None,
        ),
        Action(
            "palette",
            "&Edit",
            "&Command palette",
            "Ctrl+K, Ctrl+Shift+P",
            "Find anything that can be done by a few letters of its name",
            window.open_palette,
            "search",
        ),
        Action(
            "find",
            "&Edit",
            "Fi&lter results",
            "Ctrl+F",
            "Go to the filter of the results",
            window.find_results,
        ),
    ]
