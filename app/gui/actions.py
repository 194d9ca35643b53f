"""The window's actions: text, key and tooltip of each in one table, so that menus and help agree."""

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence

from app.gui.icons import icon
from app.gui.theme import Colours


@dataclass(frozen=True)
class Entry:
    """One action; ``menu`` is where it stands, ``icon`` its picture in the tool bar."""

    name: str
    menu: str
    text: str
    keys: str
    tip: str
    icon: str = ""


ENTRIES = (
    Entry("open", "&File", "&Open…", "Ctrl+O", "Open a saved session", "open"),
    Entry("save", "&File", "&Save", "Ctrl+S", "Save the session: everything needed to draw it again", "save"),
    Entry("save_as", "&File", "Save &as…", "Ctrl+Shift+S", "Save the session under another name"),
    Entry("export", "&File", "&Export…", "Ctrl+E", "Chart as PNG or SVG, data as CSV or JSON", "export"),
    Entry("quit", "&File", "&Quit", "Ctrl+Q", "Leave; asks first when something is unsaved"),
    Entry("run", "&Run", "&Run", "F5", "Measure what is ticked in the Kernels panel", "run"),
    Entry("stop", "&Run", "&Stop", "Esc", "Stop measuring; what is measured stays", "stop"),
    Entry(
        "back", "&Run", "&Back to the previous results", "Alt+Left", "Swap with what the last run replaced"
    ),
    Entry("search", "&Run", "&Look for hardware again", "Ctrl+R", "Ask every engine what it finds now"),
    Entry("speedup", "&View", "&Speedup", "Ctrl+1", "Speedup over size"),
    Entry("gflops", "&View", "&GFLOP/s", "Ctrl+2", "Arithmetic rate over size"),
    Entry("gbytes", "&View", "G&B/s", "Ctrl+3", "Memory rate over size"),
    Entry(
        "fit", "&View", "Show &all points", "Ctrl+0", "Undo zooming and panning; a double click does it too"
    ),
    Entry("restore", "&View", "&Restore default layout", "", "Put every panel back where it was at first"),
    Entry("keys", "&Help", "&Keyboard shortcuts", "F1", "All keys in one list"),
    Entry("about", "&Help", "&About Kernelscope", "", "Version, and what this is"),
)

OTHER_KEYS = (
    ("Ctrl+C", "Copy the selected lines of the hardware tree or the results (TSV)"),
    ("Ctrl+Shift+C", "Copy the selected results as Markdown"),
    ("Ctrl+F", "Filter results"),
    ("Arrow keys in the chart", "Walk through the points: along a line, up and down at one size"),
    ("Space in a list", "Tick or untick a target, a variant, a line of the legend"),
    ("Double click in the chart", "Show all points"),
)


def make_actions(parent: QObject) -> dict[str, QAction]:
    """One QAction per entry, not yet connected."""
    made = {}
    for entry in ENTRIES:
        action = QAction(entry.text, parent)
        if entry.keys:
            action.setShortcut(QKeySequence(entry.keys))
        shown = f" ({entry.keys})" if entry.keys else ""
        action.setToolTip(f"{entry.tip}{shown}")
        action.setStatusTip(entry.tip)
        made[entry.name] = action
    return made


def dress(actions: dict[str, QAction], colours: Colours) -> None:
    """Give the actions icons in the theme's colours."""
    inks = {"run": colours.good, "stop": colours.bad}
    for entry in ENTRIES:
        if entry.icon:
            actions[entry.name].setIcon(icon(entry.icon, inks.get(entry.name, colours.text), colours.border))
