"""The canvas: the plot on screen, pointed at by mouse or arrow keys."""

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.charts.headline import told_by
from app.charts.picture import Picture, Spot
from app.charts.spoken import spoken
from app.findings.rows import Row
from app.gui.charts.look import Look
from app.gui.charts.plot import Plot
from app.gui.parts.theme import Colours

STILL_MS, TOLD_MS = 150, 1000
"""Milliseconds without a move after which the plot is drawn finely again, and after which values that go on
changing are told.
"""

KEYS_HINT = (
    "Arrow keys walk through the points, Enter shows all about one, at first about that of the finding; "
    "Ctrl+0 shows all points"
)

STILL_PX, NOWHERE = 4, QPointF(-1e6, -1e6)
"""Clicks no further apart are at the same place."""


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """Shows a plot; ``pointed`` carries the spot under the mouse or reached by keys, or None.

    ``chosen`` carries one that was clicked, or confirmed with Enter; what was clicked stays in focus until
    it is clicked again. Of ``together`` spots that lie on each other, another click at the same place chooses
    the next. ``menu_asked`` carries the spot that a menu is asked for, or None, and where.
    """

    pointed = Signal(object)
    chosen = Signal(object)
    menu_asked = Signal(object, object)
    copy_asked = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False, background=look.colours.base)
        self._zoomed = False
        self.plot = Plot(look, self._on_zoomed, self._on_resized)
        self.setCentralItem(self.plot.grid)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Chart")
        self._values = ""
        self.describe("")
        self.setMouseTracking(True)
        self._at: Spot | None = None
        self.together = 1
        self._pressed, self._clicked = QPointF(), NOWHERE
        self._view: tuple[object, ...] = ()
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(lambda: self.plot.set_moving(False))
        self._telling = QTimer(self, singleShot=True, interval=TOLD_MS)
        self._telling.timeout.connect(self._tell)

    def show_picture(self, picture: Picture) -> None:
        """Draw; the view follows what there is to see until the user zooms or pans."""
        at = self._at
        self.plot.show(picture)
        view = (type(picture), picture.x.title, picture.y.title, picture.x.ticks, picture.y.ticks)
        if self._view != view:
            self._view = view
            self._zoomed = False
            self._point(None)
        elif at is not None:
            self._point(next((s for s in picture.spots if _same(s, at)), None))
        if not self._zoomed:
            self.plot.fit()

    def close(self) -> bool:
        """The scene goes with it, so nothing may draw there any more."""
        self._still.stop()
        self._telling.stop()
        return bool(super().close())

    def name(self, title: str) -> None:
        """What a screen reader calls the chart, and what it holds: during a run, now and then."""
        self.setAccessibleName(f"Chart: {title}")
        if self.plot.fine:
            self._tell()
        elif not self._telling.isActive():
            self._telling.start()

    def _tell(self) -> None:
        self._values = spoken(self.plot.picture) if self.plot.picture else ""
        if self._at is None:
            self.describe("")

    def describe(self, words: str) -> None:
        """What a screen reader says: of the spot reached, or else how to reach one, and all values."""
        self.setAccessibleDescription(words or f"{KEYS_HINT}\n{self._values}".rstrip())

    def _on_zoomed(self) -> None:
        self._zoomed = True
        self.plot.set_moving(True)
        self._still.start()

    def _on_resized(self) -> None:
        if not self._zoomed:
            self.plot.fit()

    def fit(self) -> None:
        """Show everything, from now on too."""
        self._zoomed = False
        self.plot.fit()

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self.setBackground(colours.base)
        self.plot.set_colours(colours)

    @property
    def focused(self) -> str:
        """The variant that stands out now; empty where none does."""
        key = self.plot.key_of(self._at) if self._at else None
        return key[1] if key else self.plot.pinned

    def focus(self, variant: str) -> None:
        """Let a variant stand out, as the legend asks; an empty name lets go."""
        self.plot.focus(variant or self.plot.pinned)

    def point_at(self, row: Row | None) -> None:
        """Point at the spot of a row, where there is one."""
        if row is None or self._at is None or self._at.row is None or self._at.row.index != row.index:
            spots = self.plot.spots() if row else ()
            self._point(next((s for s in spots if row and s.row and s.row.index == row.index), None))

    @property
    def _told(self) -> Spot | None:
        """The spot that the finding is about."""
        return told_by(self.plot.picture) if self.plot.picture else None

    def choose_told(self) -> None:
        """Point at what the finding is about and show all about it."""
        if spot := self._told:
            self._point(spot)
            self.chosen.emit(spot)

    def _point(self, spot: Spot | None) -> None:
        if spot is not self._at:
            self._at = spot
            self.plot.ring(spot)
            self.pointed.emit(spot)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where: a release elsewhere is the end of a drag."""
        super().mousePressEvent(event)
        self._pressed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a spot chooses it."""
        super().mouseReleaseEvent(event)
        moved = (event.position() - self._pressed).manhattanLength()
        if event.button() is Qt.MouseButton.LeftButton and moved < QApplication.startDragDistance():
            self._point_under(event, 1)
            self._clicked = event.position()
            if self._at:
                self._pin(self._at)
                self.chosen.emit(self._at)
        elif event.button() is Qt.MouseButton.RightButton and moved < QApplication.startDragDistance():
            self._point_under(event)
            self.menu_asked.emit(self._at, event.globalPosition().toPoint())

    def _pin(self, spot: Spot) -> None:
        key = self.plot.key_of(spot)
        name = key[1] if key else ""
        self.plot.pin("" if name == self.plot.pinned else name)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The key for menus; the mouse's button may begin a zoom, so its release asks."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            at = self.mapFromScene(self.plot.place(self._at)) if self._at else self.rect().center()
            self.menu_asked.emit(self._at, self.mapToGlobal(at))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at what is nearest."""
        super().mouseMoveEvent(event)
        if not event.buttons():
            self._point_under(event)

    def _point_under(self, event: QMouseEvent, step: int = 0) -> None:
        """Point at what is nearest; where a click was just now, stay, or go on to what lies on it."""
        spots = self.plot.nearest(QPointF(self.mapToScene(event.position().toPoint())))
        self.together = len(spots)
        if (event.position() - self._clicked).manhattanLength() >= STILL_PX:
            self._clicked = NOWHERE
        stay = self._clicked != NOWHERE and any(spot is self._at for spot in spots)
        self._point(_neighbour(spots, self._at, step) if stay else next(iter(spots), None))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show everything."""
        self.fit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right walk through all spots, up and down through those above each other."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        heights = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        spots, self.together = self.plot.spots(), 1
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (self._at or self._told):
            self.choose_told() if self._at is None else self.chosen.emit(self._at)
        elif event.key() in steps and spots:
            self._point(_neighbour(spots, self._at, steps[Qt.Key(event.key())]))
        elif event.key() in heights and spots:
            x = self._at.x if self._at else spots[-1].x
            near = self.plot.beside(self._at)
            column = sorted((s for s in near if s.x == x), key=lambda s: s.y)
            # Where nothing stands above each other, what is higher is as good.
            there = column if len(column) > 1 else sorted(near, key=lambda s: s.y)
            self._point(_neighbour(there, self._at, heights[Qt.Key(event.key())]))
        else:
            super().keyPressEvent(event)


def _same(one: Spot, other: Spot) -> bool:
    """Whether both stand for the same, though figures may have moved on."""
    if one.row is None or other.row is None:
        return (one.x, one.y) == (other.x, other.y)
    return one.row.index == other.row.index and one.x == other.x


def _neighbour(spots: Sequence[Spot], at: Spot | None, step: int) -> Spot:
    places = [i for i, spot in enumerate(spots) if spot is at]
    return spots[(places[0] + step) % len(spots)] if places else spots[0]
