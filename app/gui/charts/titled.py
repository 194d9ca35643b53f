"""A figure with its finding above it and what is read of it below; or, with nothing to draw, words."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.charts.picture import Picture, Spot
from app.gui.charts.figure import Figure
from app.gui.charts.placeholder import Placeholder
from app.gui.parts.elided import ElidedLabel
from app.gui.state.controller import Controller


class TitledFigure(QWidget):
    """``head`` holds what stands beside the finding."""

    hint = "Point at a mark, or use the arrow keys, to read its figures."

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.picture: Picture | None = None
        self.title, self._read = ElidedLabel(), ElidedLabel()
        self.placeholder, self.figure = Placeholder(), Figure(controller)
        self._pages = QStackedWidget()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self._read.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.head = QHBoxLayout()
        self.head.addWidget(self.title, 1)
        for page in (self.placeholder, self.figure):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read)
        self.figure.pointed.connect(self._on_pointed)
        self.figure.explain = self._explanation

    def show_picture(self, picture: Picture) -> None:
        """Draw this, with its title as the finding."""
        self.picture = picture
        self.title.set_whole(picture.title)
        self._read.set_whole(self.hint)
        self._pages.setCurrentWidget(self.figure)
        self.figure.show_picture(picture, picture.title)

    def show_words(self, heading: str, advice: str) -> None:
        """Say these in place of a picture."""
        self.picture = None
        self.title.set_whole("")
        self._read.set_whole("")
        self.placeholder.say(heading, advice)
        self._pages.setCurrentWidget(self.placeholder)

    def _explanation(self) -> str:
        picture = self.picture
        return "  ·  ".join(filter(None, (picture.caption, picture.footer))) if picture else ""

    def _on_pointed(self, spot: Spot | None) -> None:
        words = self.words(spot) if spot else ""
        self.figure.canvas.describe(words)
        self._read.set_whole(words or self.hint)

    def words(self, spot: Spot) -> str:
        """What is read of a spot."""
        return spot.note

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "figure"):
            self.figure.dress()
