"""A chart of the sessions that are compared, with its finding, its legend and what is read of it."""

from PySide6.QtGui import QImage, QPalette
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.charts.picture import Key, Picture, Spot
from app.core.errors import KernelscopeError
from app.gui.charts.look import Look
from app.gui.charts.placeholder import Placeholder
from app.gui.parts.background import Background
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.theme import current


class ComparedChart(QWidget):
    """Pictures are derived in the background, which ends with ``close_background``.

    ``head`` holds what stands beside the finding.
    """

    hint = "Point at a mark, or use the arrow keys, to read its figures."

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = Background(name, self)
        self._background.failed.connect(self._on_failed)
        self.picture: Picture | None = None
        self._title, self._read = ElidedLabel(), ElidedLabel()
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._splitter: QSplitter | None = None
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._read.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.head = QHBoxLayout()
        self.head.addWidget(self._title, 1)
        self._pages.addWidget(self.placeholder)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 6, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self.head)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._read)

    def show_picture(self, picture: Picture) -> None:
        """Draw this, with its title as the finding."""
        self.picture = picture
        self._load_plot()
        self._title.set_whole(picture.title)
        self._read.set_whole(self.hint)
        self._pages.setCurrentIndex(1)
        self.redraw()

    def _on_failed(self, line: str) -> None:
        self.picture = None
        self._title.set_whole("")
        self._read.set_whole("")
        self.placeholder.say("Nothing to draw", f"{line[:1].upper()}{line[1:]}.")
        self._pages.setCurrentIndex(0)

    def _load_plot(self) -> None:
        if self._splitter:
            return
        from app.gui.charts.canvas import Canvas
        from app.gui.charts.legend import Legend

        self.canvas, self.legend = Canvas(Look(current())), Legend()
        self.canvas.pointed.connect(self._on_pointed)
        self.legend.hidden_changed.connect(lambda _: self.redraw())
        self._splitter = self.legend.beside(self.canvas)
        self._pages.addWidget(self._splitter)

    def redraw(self) -> None:
        """Draw in the colours of now, without what was put out in the legend."""
        if self.picture is None:
            return
        self.canvas.set_colours(current())
        self.legend.show_picture(self.picture, current())
        self.canvas.show_picture(self.picture.without(self.hidden))
        self.canvas.name(self.picture.title, self.picture)

    @property
    def hidden(self) -> frozenset[Key]:
        """What was put out in the legend."""
        return self.legend.hidden if self._splitter else frozenset()

    def _on_pointed(self, spot: Spot | None) -> None:
        self._read.set_whole(self.words(spot) if spot else self.hint)

    def words(self, spot: Spot) -> str:
        """What is read of a spot."""
        return spot.note

    def image(self) -> QImage | None:
        """The chart as a picture, if there is one."""
        from app.gui.charts.export import picture_image

        return picture_image(self.picture, self.hidden) if self.picture else None

    def bytes(self, suffix: str) -> bytes:
        """The chart as the contents of a file.

        Raises:
            KernelscopeError: there is none.
        """
        from app.gui.charts.export import picture_bytes

        if self.picture is None:
            raise KernelscopeError("There is no chart to export: nothing shown here has a figure")
        return picture_bytes(self.picture, suffix, self.hidden)

    def close_background(self) -> None:
        """Let the thread go."""
        self._background.close()
