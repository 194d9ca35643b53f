"""Layouts, seen: what a workgroup reads at each step, and what that costs."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSlider, QVBoxLayout, QWidget

from app.gui.source.access_picture import Picture
from kernels.access import Pattern


class AccessView(QScrollArea):
    """A picture, a slider through the steps, and what it teaches; scrolls where there is little room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.picture = Picture()
        self.lesson = QLabel(
            wordWrap=True, accessibleName="What the picture shows", textFormat=Qt.TextFormat.PlainText
        )
        self.figures = QLabel(
            wordWrap=True, accessibleName="Cache lines fetched", textFormat=Qt.TextFormat.PlainText
        )
        self.step = QSlider(Qt.Orientation.Horizontal, accessibleName="Step")
        self.step.setToolTip("The words that all threads read at one moment; left and right keys walk")
        self._at = QLabel(textFormat=Qt.TextFormat.PlainText)
        self.step.valueChanged.connect(self._on_step)
        walk = QHBoxLayout()
        walk.addWidget(self._at)
        walk.addWidget(self.step, 1)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(self.lesson)
        layout.addLayout(walk)
        layout.addWidget(self.picture, 1)
        layout.addWidget(self.figures)
        self.setWidget(inside)

    def show_pattern(self, pattern: Pattern) -> None:
        """Draw what a variant reads."""
        self.lesson.setText(pattern.lesson)
        self.picture.show_access(pattern.drawn)
        self.step.setRange(0, pattern.drawn.shape[1] - 1)
        self._on_step(self.step.value())
        self.figures.setText(pattern.figures)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the words need at this width, which a scroll area does not ask."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        inside = self.widget()
        layout = inside.layout() if inside else None
        if inside and layout:
            inside.setMinimumHeight(max(0, layout.totalHeightForWidth(self.viewport().width())))

    def _on_step(self, step: int) -> None:
        self.picture.show_step(step)
        self._at.setText(f"Step {step + 1} of {self.picture.read.shape[1]}")
