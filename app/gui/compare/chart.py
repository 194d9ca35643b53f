"""A chart of the sessions that are compared, derived in the background once somebody looks at it."""

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QImage, QShowEvent
from PySide6.QtWidgets import QWidget

from app.charts.picture import Picture, Spot
from app.core.errors import KernelscopeError
from app.gui.charts.menu import Entry, literal
from app.gui.charts.titled import TitledFigure
from app.gui.parts.background import Background
from app.gui.state.controller import Controller


class ComparedChart(TitledFigure):
    """Its thread ends with ``close_background``."""

    def __init__(self, name: str, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(controller, parent)
        self._comparing = controller.comparing
        self._background = Background(name, self)
        self._background.failed.connect(self._on_failed)
        self._work: Callable[[], Picture] | None = None
        self._begun = self._fresh = True
        self._name = name
        self.figure.about = self._sessions

    def ask(self, work: Callable[[], Picture]) -> None:
        """Draw what this makes: now, or when the chart is next looked at."""
        self._work, self._begun, self._fresh = work, False, False
        if self.isVisible():
            self._begin()

    def _begin(self) -> None:
        if self._work and not self._begun:
            self._begun = True
            self._background.ask(self._work, self.show_picture, self._name)

    def show_picture(self, picture: Picture) -> None:
        """Draw this, which is what was asked for last."""
        self._fresh = True
        super().show_picture(picture)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up."""
        super().showEvent(event)
        self._begin()

    def _on_failed(self, line: str) -> None:
        self.show_words("Nothing to draw", f"{line[:1].upper()}{line[1:]}.")

    def _sessions(self, spot: Spot) -> list[Entry]:
        """The sessions that have what a spot is made of, to be shown instead of that in the window."""
        results = [*spot.results, *([spot.row.measurement] if spot.row else [])]
        return [
            Entry(f"Show {literal(name)}", partial(self._comparing.opened.emit, name, session))
            for name, session in self._comparing.named
            if any(own in results for own in session.measurements)
        ]

    def drawn(self) -> Picture:
        """The picture of now.

        Raises:
            KernelscopeError: there is none.
        """
        if self._work and not self._fresh:
            self.show_picture(self._work())
        if self.picture is None:
            raise KernelscopeError("There is no chart to export: nothing shown here has a figure")
        return self.picture

    def image(self) -> QImage | None:
        """The chart as a picture, if there is one."""
        from app.gui.charts.export import picture_image

        try:
            return picture_image(self.drawn(), self.figure.hidden)
        except KernelscopeError:
            return None

    def bytes(self, suffix: str) -> bytes:
        """The chart as the contents of a file.

        Raises:
            KernelscopeError: there is none.
        """
        from app.gui.charts.export import picture_bytes

        return picture_bytes(self.drawn(), suffix, self.figure.hidden)

    def close_background(self) -> None:
        """Let the thread go."""
        self._background.close()
