"""The plot: draws any kind of picture, on screen or for a file, in as many panes as it has parts."""

from collections.abc import Callable
from dataclasses import replace

import pyqtgraph as pg
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication, QGraphicsWidget

from app.charts.picture import Key, Lines, Picture, Spot
from app.gui.charts.axis import BARE_PX
from app.gui.charts.heading import Heading
from app.gui.charts.look import Look
from app.gui.charts.pane import Pane
from app.gui.parts.theme import Colours

ASPECT = 1.2
"""How wide a pane would like to be for its height."""


def nothing() -> None:
    """Nobody listens."""


class Plot:
    """Panes in rows, their axes alike: what is zoomed or panned in one is in all.

    ``zoomed`` is called when the user has done that, ``resized`` when there is another room to fill.
    """

    def __init__(
        self, look: Look, zoomed: Callable[[], None] = nothing, resized: Callable[[], None] = nothing
    ) -> None:
        self.grid = pg.GraphicsLayout()
        self.grid.setContentsMargins(0, 0, 0, 0)
        self.grid.setSpacing(0)
        self._zoomed, self._resized = zoomed, resized
        self._look = look
        self._wanted = look.fine
        self.picture: Picture | None = None
        self._names: set[str] = set()
        self.pinned = ""
        self._columns, self._arranging = 0, False
        self._shares: tuple[float, ...] = ()
        self.x_title, self.y_title = Heading(title=True), Heading(title=True, upright=True)
        self.panes: list[Pane] = []
        self._show_panes(1)

    @property
    def item(self) -> pg.PlotItem:
        """The first pane's."""
        return self.panes[0].item

    def set_colours(self, colours: Colours) -> None:
        """Follow the theme."""
        self._look = replace(self._look, colours=colours)
        for pane in self.panes:
            pane.dress(self._look)
        if self.picture:
            self.show(self.picture)

    @property
    def fine(self) -> bool:
        """Whether it is drawn as finely as can be while nothing moves."""
        return self._wanted

    def set_fine(self, fine: bool) -> None:
        """Antialiased and thicker, or cheap."""
        self._wanted = fine
        self._refine(replace(self._look, fine=fine))

    def set_moving(self, moving: bool) -> None:
        """Cheap while it is moved, so that it follows the hand."""
        self._refine(replace(self._look, fine=self._wanted and not moving))

    def focus(self, variant: str) -> None:
        """Let this variant stand out from all others, in every pane; an empty name is none."""
        self._refine(replace(self._look, focus=self._known(variant)))

    def _known(self, variant: str) -> str:
        """Where a picture lacks what is in focus, nothing is."""
        return variant if variant in self._names else ""

    def _refine(self, look: Look) -> None:
        if look != self._look:
            self._look = look
            for pane in self.panes:
                pane.refresh(look)

    def show(self, picture: Picture) -> None:
        """Draw this picture in place of the last one."""
        self.picture = picture
        self._names = {variant for _, variant in picture.keys}
        self._look = replace(self._look, focus=self._known(self._look.focus or self.pinned))
        parts = picture.parts if isinstance(picture, Lines) else (("", picture),)
        self._show_panes(len(parts))
        self._arrange()
        for pane, (heading, part) in zip(self.panes, parts, strict=True):
            pane.heading.say(heading, self._look.colours.text)
            pane.show(part, self._look)
        self._title()

    def _title(self) -> None:
        """One title speaks for all panes."""
        if self.picture:
            ink = self._look.colours.text
            self.x_title.say(self.picture.x.title, ink)
            self.y_title.say(self.picture.y.title, ink)

    def _show_panes(self, count: int) -> None:
        """Have so many; those that are there are used again."""
        if len(self.panes) == count:
            return
        while len(self.panes) < count:
            pane = Pane(self._on_zoomed, self._on_resized)
            pane.dress(self._look)
            self.panes.append(pane)
        for pane in self.panes[count:]:
            self._take_out(pane.heading, pane.item)
            for item in (pane.heading, pane.item):
                if item.scene():
                    item.scene().removeItem(item)
        del self.panes[count:]
        self._columns = 0

    def _take_out(self, *items: QGraphicsWidget) -> None:
        for item in items:
            if item in self.grid.items:
                self.grid.removeItem(item)

    def _arrange(self) -> None:
        """In as many columns as suit the room."""
        room = self.grid.geometry()
        size = room.size()
        line = QFontMetricsF(QApplication.font()).height() + 4
        heading = line if self.panes[0].heading.text else 0.0
        columns = columns_for(len(self.panes), size.width(), size.height() - 2 * line, heading + BARE_PX)
        self._share(columns, size.width())
        if columns == self._columns:
            return
        self._columns, self._arranging = columns, True
        self._take_out(self.x_title, self.y_title)
        for pane in self.panes:
            self._take_out(pane.heading, pane.item)
        for i, pane in enumerate(self.panes):
            row, column = divmod(i, columns)
            self.grid.addItem(pane.heading, 2 * row, column + 1)
            self.grid.addItem(pane.item, 2 * row + 1, column + 1)
            # All panes of a row say their places where one has none below: their plots stay as high.
            first, last = column == 0, (row + 1) * columns + columns > len(self.panes)
            pane.y.set_bare(not first)
            pane.x.set_bare(not last)
        table = self.grid.layout
        for column in range(columns):
            table.setColumnStretchFactor(column + 1, 1)
        rows = -(-len(self.panes) // columns)
        self.grid.addItem(self.y_title, 0, 0, 2 * rows, 1)
        self.grid.addItem(self.x_title, 2 * rows, 1, 1, columns)
        for row in range(rows):
            table.setRowStretchFactor(2 * row + 1, 1)
        # While it was taken apart it may have shrunk to what headings need.
        table.activate()
        self.grid.setGeometry(room)
        self._title()
        self._arranging = False

    def _share(self, columns: int, wide: float) -> None:
        """Let all plots be as wide, though the first column has the labels of the axis as well."""
        labels = self.panes[0].y.width()
        beside = self.y_title.maximumWidth() + labels + BARE_PX * (columns - 1)
        plot = max(1.0, (wide - beside) / columns)
        shares = (plot + labels, *[plot + BARE_PX] * (columns - 1))
        if shares != self._shares:
            self._shares = shares
            for column, share in enumerate(shares, 1):
                self.grid.layout.setColumnPreferredWidth(column, share)

    def _on_resized(self) -> None:
        if not self._arranging:
            self._resized()

    def _on_zoomed(self, pane: Pane) -> None:
        (left, right), (low, high) = pane.item.vb.viewRange()
        for other in self.panes:
            if other is not pane:
                other.item.vb.setRange(xRange=(left, right), yRange=(low, high), padding=0)
        self._zoomed()

    def fit(self) -> None:
        """Show everything."""
        if self.picture:
            self._arrange()
            x, y = self.picture.x_reach(), self.picture.y_reach()
            room = max(pane.captions.room() for pane in self.panes)
            wide = min(pane.item.vb.width() for pane in self.panes)
            for pane in self.panes:
                pane.fit(x, y, room, wide)

    def spots(self) -> tuple[Spot, ...]:
        """What can be pointed at."""
        return self.picture.spots if self.picture else ()

    def beside(self, spot: Spot | None) -> tuple[Spot, ...]:
        """What can be pointed at in the pane of this one; everything where it is in none."""
        pane = self._pane_of(spot)
        return pane.spots() if pane else self.spots()

    def nearest(self, at: QPointF) -> tuple[Spot, ...]:
        """What a place in the scene covers, or else is nearest and within reach, then what lies on that."""
        here = (pane for pane in self.panes if pane.item.sceneBoundingRect().contains(at))
        pane = next(here, None)
        return pane.nearest(at) if pane else ()

    def place(self, spot: Spot) -> QPointF:
        """The place of a spot in the scene."""
        return (self._pane_of(spot) or self.panes[0]).place(spot)

    def ring(self, spot: Spot | None) -> None:
        """Mark one spot, and bring what it belongs to into focus."""
        its = self._pane_of(spot)
        for pane in self.panes:
            pane.ring(spot if pane is its else None)
        key = self.key_of(spot) if spot else None
        self.focus(key[1] if key else self.pinned)

    def pin(self, variant: str) -> None:
        """Keep this variant in focus while nothing is pointed at; an empty name is none."""
        self.pinned = variant
        self.focus(variant)

    def key_of(self, spot: Spot) -> Key | None:
        """What the curve, bar or mark is called that a spot belongs to."""
        pane = self._pane_of(spot)
        return pane.key_of(spot) if pane else None

    def _pane_of(self, spot: Spot | None) -> Pane | None:
        return next((pane for pane in self.panes if any(one is spot for one in pane.spots())), None)


def columns_for(count: int, wide: float, high: float, around: float = 0.0) -> int:
    """The number of columns in which so many panes are largest, each with ``around`` above and below it."""

    def large(columns: int) -> float:
        rows = -(-count // columns)
        return min(wide / columns / ASPECT, high / rows - around)

    return max(range(1, count + 1), key=large)
