"""A bar of widgets that takes more lines where its width does not do for one."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

SPACING = 4

Part = tuple[QWidget, int]
"""A widget and its share of the width that is left over; 0 takes none."""


class FoldingBar(QWidget):
    """Groups stand side by side, or below each other: large type in a small window clips nothing."""

    def __init__(self, *groups: Sequence[Part], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACING)
        self._lines: list[QHBoxLayout] = []
        for group in groups:
            line = QHBoxLayout()
            line.setSpacing(SPACING)
            for widget, share in group:
                line.addWidget(widget, share)
            if not any(share for _, share in group):
                line.addStretch(1)
            self._box.addLayout(line, sum(share for _, share in group))
            self._lines.append(line)

    def _fold(self) -> None:
        """The least height depends on the width, so it is known only once there is one."""
        widths = [line.minimumSize().width() for line in self._lines]
        fits = sum(widths) + SPACING * (len(widths) - 1) <= self.width()
        directions = QBoxLayout.Direction
        self._box.setDirection(directions.LeftToRight if fits else directions.TopToBottom)

    def minimumSizeHint(self) -> QSize:
        """The size of the widest group."""
        widest = max(line.minimumSize().width() for line in self._lines)
        return QSize(widest, self._box.minimumSize().height())

    def event(self, event: QEvent) -> bool:
        """Fit anew when there is more room or less, or what stands in it has grown."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fold()
        return done
