"""What can be done with a chart, and with what was pointed at in it: copies, focus, hiding, words."""

from typing import Protocol

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.charts.picture import Key, Picture
from app.findings.rows import Row


class Charts(Protocol):
    """A panel that shows a picture."""

    @property
    def hidden(self) -> frozenset[Key]: ...
    def copy_figure(self) -> None: ...
    def copy_data(self) -> None: ...
    def save_figure(self) -> None: ...
    def explain(self) -> None: ...
    def fit(self) -> None: ...
    def pin(self, variant: str) -> None: ...
    def pinned(self) -> str: ...
    def hide_variant(self, variant: str) -> None: ...
    def show_hidden(self) -> None: ...
    def open_row(self, row: Row) -> None: ...


def chart_menu(panel: Charts, parent: QWidget, key: Key | None, row: Row | None) -> QMenu:
    """A menu for the chart, with what can be done about one variant or case of it first."""
    menu = QMenu(parent)
    if row:
        menu.addAction(f"&All about {row.name} at {row.size}", lambda: panel.open_row(row))
    if key:
        name = key[1]
        if panel.pinned() == name:
            menu.addAction("&Let go of it", lambda: panel.pin(""))
        else:
            menu.addAction(f"&Keep {name} in focus", lambda: panel.pin(name))
        menu.addAction(f"&Hide {name}", lambda: panel.hide_variant(name))
    if panel.hidden:
        menu.addAction("Show what is hi&dden", panel.show_hidden)
    if not menu.isEmpty():
        menu.addSeparator()
    menu.addAction("&Copy figure", panel.copy_figure)
    menu.addAction("Copy da&ta", panel.copy_data)
    menu.addAction("&Save or export…", panel.save_figure)
    menu.addSeparator()
    menu.addAction("Show all &points", panel.fit)
    menu.addAction("&Explain this chart", panel.explain)
    return menu


def copy_picture(picture: Picture) -> None:
    """Put it on the clipboard, as pixels and as SVG, whichever the other program takes."""
    from app.gui.charts.export import picture_bytes, picture_image

    data = QMimeData()
    data.setImageData(picture_image(picture))
    data.setData("image/svg+xml", picture_bytes(picture, ".svg"))
    QGuiApplication.clipboard().setMimeData(data)


def copy_rows(picture: Picture) -> int:
    """Put the cases that the picture shows on the clipboard, as CSV with a head; how many they are."""
    from app.storage.tables import csv_text

    rows = {spot.row.index: spot.row for spot in picture.spots if spot.row}
    QGuiApplication.clipboard().setText(csv_text(list(rows.values())))
    return len(rows)
