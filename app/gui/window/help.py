"""Help: the list of keys, and what this is."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMessageBox, QTextBrowser, QVBoxLayout, QWidget

from app import __version__
from app.gui.parts.actions import MENUS, Action, ActionSet
from app.gui.parts.sizes import size_dialog

OTHER_KEYS = (
    ("Ctrl+C", "Copy the selected lines of the hardware, the verdicts or the results"),
    ("Ctrl+Shift+C", "Copy the selected results as Markdown"),
    ("Ctrl+C on the chart", "Copy the figure, as PNG and SVG"),
    ("Arrow keys in the chart", "Walk through the points: along a line, up and down at one size"),
    (
        "Enter in the chart",
        "Show all about the point reached; at first, about the case that the finding names",
    ),
    ("Enter, Ctrl+Enter in a chip", "Tick what is gone to, or all that answers the letters typed"),
    ("Space in a list", "Tick or untick a target, a variant, a line of the legend"),
    ("Double click in the chart", "Show all points"),
    ("Enter on a variant", "Show its text"),
    ("Ctrl+F in a text", "Find in it"),
    ("F5 in a kernel of yours", "Compile it, check it, and time it beside the one it was made from"),
    ("Tab, Shift+Tab in a kernel of yours", "Indent the selected lines, or less"),
    ("Ctrl+/ in a kernel of yours", "Make comments of the selected lines, or what they were"),
    ("Alt+Down, Alt+Up in a diff", "Go to the next difference, or the one before"),
    ("Enter, F2, Del in the history", "Show a run, write its label or note, delete it"),
    ("Ctrl+Enter in the history", "Compare the selected runs, or one with what is shown"),
)


def help_commands(parent: QWidget, known: ActionSet) -> list[Action]:
    """What the menu Help offers; ``known`` are the actions whose keys it lists."""
    return [
        Action(
            "keys",
            "&Help",
            "&Keyboard shortcuts",
            "F1",
            "All keys in one list",
            lambda: show_keys(parent, known),
        ),
        Action(
            "about",
            "&Help",
            "&About Kernelscope",
            "",
            "Version, and what this is",
            lambda: show_about(parent),
        ),
    ]


def show_keys(parent: QWidget, known: ActionSet) -> None:
    """Show a list of all keys, by menu, and then those that a panel has while it is in use."""
    dialog = QDialog(parent, windowTitle="Keyboard shortcuts")
    menus = {menu.replace("&", ""): _keys_of(menu, known) for menu in MENUS}
    groups = menus | {"In a panel": OTHER_KEYS}
    lines = "".join(_lines(title, pairs) for title, pairs in groups.items() if pairs)
    text = QTextBrowser(accessibleName="Keyboard shortcuts", frameShape=QTextBrowser.Shape.NoFrame)
    text.setHtml(f"<table cellpadding='3'>{lines}</table>")
    text.setMinimumWidth(text.fontMetrics().averageCharWidth() * 60)
    text.setMinimumHeight(text.fontMetrics().height() * 12)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(text)
    layout.addWidget(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    size_dialog(dialog, 110, 40)
    dialog.open()


def _keys_of(menu: str, known: ActionSet) -> tuple[tuple[str, str], ...]:
    """Keys and what they do, menus within the menu included."""
    return tuple((a.keys, a.tip) for a, _ in known if a.keys and a.menu.partition("/")[0] == menu)


def _lines(title: str, pairs: Sequence[tuple[str, str]]) -> str:
    lines = (f"<tr><td style='padding-right:18px'><b>{k}</b></td><td>{tip}</td></tr>" for k, tip in pairs)
    return f"<tr><td colspan='2'><h3>{title}</h3></td></tr>{''.join(lines)}"


def show_about(parent: QWidget) -> None:
    """Version and purpose."""
    QMessageBox.about(
        parent,
        "About Kernelscope",
        f"<h3>Kernelscope {__version__}</h3>"
        "<p>Which WebGPU or WebAssembly feature makes this kernel faster on this machine, by how much, "
        "how sure is that, and what does it cost in accuracy?</p>"
        "<p>Every result is checked against a float64 reference before it is timed. Intervals are 95 %.</p>",
    )
