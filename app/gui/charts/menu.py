"""The menu of a chart: what can be done about what was pointed at, and with the figure."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from app.charts.picture import Key, Picture
from app.findings.rows import Row
from app.gui.state.controller import Controller


class Entry(NamedTuple):
    """A line of a menu."""

    text: str
    do: Callable[[], object]
    able: bool = True


def chart_menu(parent: QWidget, *groups: Sequence[Entry]) -> QMenu:
    """A menu that goes with its closing, a line between each two groups."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for group in filter(None, groups):
        if not menu.isEmpty():
            menu.addSeparator()
        for entry in group:
            menu.addAction(entry.text, entry.do).setEnabled(entry.able)
    return menu


def about_case(control: Controller, row: Row) -> list[Entry]:
    """What can be done about a case of the session shown, headed by its name."""
    name = Entry(literal(f"{row.name}, {row.size}, {row.target.label}"), lambda: None, able=False)
    return [name, *(Entry(deed.text, partial(deed.do, row), deed.when(row)) for deed in control.deeds.known)]


def with_figure(control: Controller, picture: Picture, hidden: frozenset[Key]) -> list[Entry]:
    """What every figure offers, and a copy of its cases where it has any."""
    shown = picture.without(hidden)
    found = [Entry("&Copy figure", partial(copy_figure, control, shown))]
    if any(spot.row for spot in picture.spots):
        found.append(Entry("Co&py data", partial(copy_data, control, shown)))
    return [*found, Entry("&Export…", partial(control.deeds.export_asked.emit, picture, hidden))]


def literal(text: str) -> str:
    """Text as a menu shows it: an ampersand in a name is no key."""
    return text.replace("&", "&&")


def copy_figure(control: Controller, picture: Picture) -> None:
    """Put it on the clipboard, as pixels and as SVG, whichever the other program takes."""
    from app.gui.charts.export import picture_bytes, picture_image

    data = QMimeData()
    data.setImageData(picture_image(picture))
    data.setData("image/svg+xml", picture_bytes(picture, ".svg"))
    QGuiApplication.clipboard().setMimeData(data)
    control.said.emit("info", "Copied the figure, as PNG and SVG")


def copy_data(control: Controller, picture: Picture) -> None:
    """Put the cases that the picture shows on the clipboard, as CSV with a head."""
    from app.storage.tables import csv_text

    rows = {spot.row.index: spot.row for spot in picture.spots if spot.row}
    QGuiApplication.clipboard().setText(csv_text(list(rows.values())))
    control.said.emit("info", f"Copied {len(rows)} {'case' if len(rows) == 1 else 'cases'} as CSV")
