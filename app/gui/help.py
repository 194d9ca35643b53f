"""Help: the list of keys, and what this is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QMessageBox, QVBoxLayout, QWidget

from app import __version__
from app.gui.actions import ENTRIES, OTHER_KEYS


def show_keys(parent: QWidget) -> None:
    """A list of all keys."""
    dialog = QDialog(parent, windowTitle="Keyboard shortcuts")
    pairs = [(e.keys, e.tip) for e in ENTRIES if e.keys] + list(OTHER_KEYS)
    lines = "".join(
        f"<tr><td style='padding-right:18px'><b>{k}</b></td><td>{tip}</td></tr>" for k, tip in pairs
    )
    label = QLabel(f"<table cellpadding='3'>{lines}</table>")
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(label)
    layout.addWidget(buttons)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


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
