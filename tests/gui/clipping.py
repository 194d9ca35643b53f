"""Finds what a user cannot read: texts without room, widgets beyond their parents or over one another."""

from itertools import combinations
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QDockWidget,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTabBar,
    QToolButton,
    QWidget,
)

from app.gui.parts.elided import ElidedLabel
from app.gui.parts.message_bar import MessageBar

SLACK = 1
"""Pixels that frames may share."""


def shown(window: QWidget, kind: type[Any]) -> list[Any]:
    """The widgets of a class that can be seen now, those scrolled away left out."""
    return [w for w in window.findChildren(kind) if w.isVisible() and not w.visibleRegion().isEmpty()]


def clipped(window: QWidget) -> list[str]:
    """Everything wrong that can be seen now, in words."""
    found = [label(w) for w in shown(window, QLabel)]
    found += [button(w) for w in shown(window, QAbstractButton)]
    found += [box(w) for w in (*shown(window, QComboBox), *shown(window, QLineEdit))]
    found += [header(w) for w in shown(window, QHeaderView)]
    found += [place(w) for w in shown(window, QWidget)]
    found += [crowd(w) for w in (window, *shown(window, QWidget))]
    return [problem for problem in found if problem]


def label(label: QLabel) -> str:
    """A label that is too small for its text."""
    if isinstance(label, ElidedLabel) or not label.text() or label.pixmap().width():
        return ""
    need = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
    wide = label.wordWrap() or label.sizeHint().width() <= label.width()
    ignored = label.sizePolicy().horizontalPolicy() is label.sizePolicy().Policy.Ignored
    if need > label.height() or not (wide or (ignored and label.toolTip())):
        return f"label {label.text()[:60]!r}: {label.sizeHint()} in {label.size()}, needs {need}"
    return ""


def button(button: QAbstractButton) -> str:
    """A button that is too small for its text."""
    # Qt's own » at the end of a tool bar is as wide as its style has it.
    own = button.objectName().startswith("qt_")
    picture = isinstance(button, QToolButton) and (
        button.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly and not button.icon().isNull()
    )
    if own or picture or not button.text() or isinstance(button.parent(), QTabBar | QLineEdit):
        return ""
    text = button.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, button.text())
    if text.width() > button.width() or text.height() > button.height():
        return f"button {button.text()!r}: {text} in {button.size()}"
    return ""


def box(box: QWidget) -> str:
    """A list or a line that is lower than its letters."""
    if box.fontMetrics().height() > box.height():
        return f"{type(box).__name__} {box.accessibleName()!r}: {box.sizeHint()} in {box.size()}"
    return ""


def header(header: QHeaderView) -> str:
    """A column that is narrower than its title; where titles are elided they may be."""
    if header.textElideMode() is not Qt.TextElideMode.ElideNone:
        return ""
    for i in range(header.count()):
        if not header.isSectionHidden(i) and header.sectionSizeHint(i) > header.sectionSize(i):
            title = header.model().headerData(i, header.orientation())
            return f"column {title!r}: {header.sectionSizeHint(i)} in {header.sectionSize(i)}"
    return ""


def place(widget: QWidget) -> str:
    """A widget beyond the edge of its parent, where that does not scroll."""
    parent = widget.parentWidget()
    if widget.isWindow() or scrolls(parent) or not isinstance(parent, QWidget):
        return ""
    if parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(widget.geometry()):
        return ""
    return f"{name(widget)}: {widget.geometry()} beyond {name(parent)}, {parent.size()}"


def crowd(parent: QWidget) -> str:
    """Two children of which one hides a part of the other."""
    if isinstance(parent, QAbstractScrollArea | QHeaderView) or scrolls(parent):
        return ""
    children = [
        w for w in parent.children() if isinstance(w, READ) or (isinstance(w, QWidget) and w.layout())
    ]
    children = [w for w in children if w.isVisible() and not w.isWindow() and not w.visibleRegion().isEmpty()]
    children = [w for w in children if not isinstance(w, MessageBar)]  # lies over the lower edge, for a while
    for a, b in combinations(children, 2):
        shared = a.geometry().intersected(b.geometry())
        if shared.width() > SLACK and shared.height() > SLACK:
            return f"{name(a)} {a.geometry()} and {name(b)} {b.geometry()} overlap"
    return ""


READ = (QLabel, QAbstractButton, QDockWidget, QTabBar, QAbstractScrollArea)


def scrolls(parent: QWidget | None) -> bool:
    """Whether it is what a scroll area shows a part of."""
    around = parent.parentWidget() if parent else None
    return isinstance(around, QAbstractScrollArea) and around.viewport() is parent


def name(widget: QWidget) -> str:
    """To find it by."""
    text = widget.accessibleName() or widget.objectName() or getattr(widget, "text", str)()
    return f"{type(widget).__name__} {text!r}"
