"""The rail at the edge of the window: a button for each view, and how much the log has to say."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QToolButton, QVBoxLayout, QWidget

from app.gui.parts.icons import icon
from app.gui.parts.theme import current
from app.gui.window.panels import Panel

SIDE = 20
"""Pixels of an icon."""


class Rail(QWidget):
    """``chosen`` carries the name of the panel whose button was pressed."""

    chosen = Signal(str)

    def __init__(self, panels: Sequence[Panel], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Views")
        self.buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 4, 3, 4)
        layout.setSpacing(2)
        for panel in panels:
            if panel.rail:
                button = RailButton(panel.rail, panel.icon)
                button.clicked.connect(lambda _=False, name=panel.name: self.chosen.emit(name))
                self._group.addButton(button)
                layout.addWidget(button)
                self.buttons[panel.name] = button
        layout.addStretch(1)

    def show_page(self, name: str) -> None:
        """Press the button of what is seen."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room for pictures, words do."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        whole = sum(button.tall + 2 for button in self.buttons.values()) + 8
        style = Qt.ToolButtonStyle
        wanted = style.ToolButtonTextUnderIcon if whole <= self.height() else style.ToolButtonTextOnly
        for button in self.buttons.values():
            if button.toolButtonStyle() is not wanted:
                button.setToolButtonStyle(wanted)

    def minimumSizeHint(self) -> QSize:
        """High enough for the words."""
        least = sum(button.fontMetrics().height() + 10 for button in self.buttons.values())
        return QSize(super().minimumSizeHint().width(), least)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme and the size of type."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            for button in getattr(self, "buttons", {}).values():
                button.dress()
        elif event.type() is QEvent.Type.FontChange and hasattr(self, "buttons"):
            self._fit()


class RailButton(QToolButton):
    """A view by picture and word; a number in a corner says how much there is to read."""

    def __init__(self, text: str, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._count, self._bad = 0, False
        self.setText(text)
        self.setCheckable(True)
        self.setAutoRaise(True)
        self.setIconSize(QSize(SIDE, SIDE))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setToolTip(f"Show {text}")
        self.dress()
        self.toggled.connect(lambda _: self.dress())

    @property
    def tall(self) -> int:
        """Its height with a picture."""
        return SIDE + self.fontMetrics().height() + 14

    def sizeHint(self) -> QSize:
        """As wide as any word needs, so that a badge moves nothing."""
        metrics = self.fontMetrics()
        under = self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon
        wide = max(metrics.horizontalAdvance(word) for word in ("Hardware", self.text())) + 14
        return QSize(wide, self.tall if under else metrics.height() + 10)

    def minimumSizeHint(self) -> QSize:
        """Wide enough for the word."""
        return QSize(self.sizeHint().width(), self.fontMetrics().height() + 8)

    def dress(self) -> None:
        """Draw the picture in the theme's colours."""
        colours = current()
        self.setIcon(icon(self._picture, colours.accent if self.isChecked() else colours.text))
        self.update()

    def set_count(self, count: int, bad: bool) -> None:
        """Say how much there is to read; ``bad`` says that an error is among it."""
        if (count, bad) != (self._count, self._bad):
            self._count, self._bad = count, bad
            self.setAccessibleDescription(f"{count} to read" if count else "")
            self.update()

    @property
    def count(self) -> int:
        """How much there is to read."""
        return self._count

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button, a bar where it is pressed, and the number."""
        super().paintEvent(event)
        colours = current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        mirrored = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if self.isChecked():
            painter.setBrush(QColor(colours.accent))
            painter.drawRect(QRectF(self.width() - 3 if mirrored else 0, 0, 3, self.height()))
        if self._count:
            words = str(self._count) if self._count < 100 else "99+"
            high = self.fontMetrics().height()
            wide = max(high, self.fontMetrics().horizontalAdvance(words) + 8)
            left = 4 if mirrored else self.width() - wide - 3
            box = QRectF(left, 2, wide, high)
            painter.setBrush(QColor(colours.bad if self._bad else colours.warn))
            painter.drawRoundedRect(box, high / 2, high / 2)
            painter.setPen(QColor(colours.base))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
