"""Layouts, seen: what a workgroup reads at each step, and what that costs."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSlider, QVBoxLayout, QWidget

from app.gui.charts.menu import chart_menu, with_figure
from app.gui.charts.painted import Painted
from app.gui.source.access_picture import Picture
from app.gui.state.controller import Controller
from kernels.access import Pattern


class AccessView(QScrollArea):
    """A picture, a slider through the steps, and what it teaches; scrolls where there is little room."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent, widgetResizable=True, frameShape=QFrame.Shape.NoFrame)
        self._controller, self._name = controller, ""
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
        self.picture.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.picture.customContextMenuRequested.connect(self._on_menu)
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

    def show_pattern(self, pattern: Pattern, name: str) -> None:
        """Draw what the variant of that name reads."""
        self._name = name
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

    def _on_menu(self, at: QPoint) -> None:
        """What every figure offers."""
        painted = Painted(
            title=f"Access pattern of {self._name}: {self._at.text().lower()}",
            caption=self.figures.text(),
            footer="",
            remark=self.lesson.text(),
            paint=self.picture.paint_into,
        )
        menu = chart_menu(self, with_figure(self._controller, painted, frozenset()))
        menu.popup(self.picture.mapToGlobal(at))

    def _on_step(self, step: int) -> None:
        self.picture.show_step(step)
        self._at.setText(f"Step {step + 1} of {self.picture.read.shape[1]}")
