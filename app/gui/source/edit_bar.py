"""The bar under a text of the user's own: its name, Run, and what came of the last run."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.gui.parts.elided import ElidedLabel
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.icons import icon
from app.gui.parts.theme import current


class EditBar(QWidget):
    """``run_asked``, ``delete_asked``; ``renamed`` carries the new name when it is complete."""

    run_asked = Signal()
    delete_asked = Signal()
    renamed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._level = ""
        self.name = QLineEdit(accessibleName="Name of your kernel")
        self.name.setToolTip("What table and chart call it: letters, digits and . _ + -")
        self.name.setMinimumWidth(self.fontMetrics().averageCharWidth() * 18)
        self.run = QPushButton("Run (F5)", accessibleName="Run your kernel")
        self.run.setToolTip("Compile it, check its result and time it beside the one it was made from")
        self.delete = QPushButton("Delete…", toolTip="Forget this kernel; results stay in their sessions")
        self.result = ElidedLabel()
        self.result.setMinimumWidth(self.fontMetrics().averageCharWidth() * 36)
        for button in (self.run, self.delete):
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 2)
        layout.addWidget(FoldingBar(((self.name, 2), (self.run, 0)), ((self.result, 4), (self.delete, 0))))
        self.run.clicked.connect(self.run_asked)
        self.delete.clicked.connect(self.delete_asked)
        self.name.editingFinished.connect(lambda: self.renamed.emit(self.name.text().strip()))
        self._dress()

    def say(self, level: str, text: str) -> None:
        """Show what came of it; ``level`` is good, warn, bad, or empty for plain words."""
        self._level = level
        self.result.set_whole(text)
        self._dress()

    def _dress(self) -> None:
        colours = current()
        inks = {"good": colours.good, "warn": colours.warn, "bad": colours.bad}
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, inks.get(self._level, colours.text))
        self.result.setPalette(palette)
        self.run.setIcon(icon("run", colours.good, colours.border))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "result"):
            self._dress()
