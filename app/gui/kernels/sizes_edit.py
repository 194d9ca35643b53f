"""A line for sizes, with presets and what is wrong with it said below."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QVBoxLayout, QWidget

from app.catalog.request import parse_sizes
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.core.workload import Workload
from app.gui.parts.theme import current


class SizesEdit(QWidget):
    """``shapes`` is empty while the text cannot be read."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workload: Workload | None = None
        self.shapes: tuple[Shape, ...] = ()
        self.line = QLineEdit(accessibleName="Sizes")
        self.line.setToolTip("Sizes, separated by commas: 1024 is a square, 32768x2048 rows by columns")
        self.line.textChanged.connect(self._read)
        self.problem = QLabel(
            wordWrap=True,
            visible=False,
            accessibleName="What is wrong with the sizes",
            textFormat=Qt.TextFormat.PlainText,
        )
        self._menu = QMenu(self)
        button = QPushButton("Presets")
        button.setMenu(self._menu)
        button.setToolTip("Sizes worth a look")
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addWidget(self.problem)
        self.setFocusProxy(self.line)

    def set_workload(self, workload: Workload, text: str = "") -> None:
        """Offer the workload's presets; ``text`` or its default sizes stand in the line."""
        self._workload = workload
        default = ", ".join(shape.label for shape in workload.default_shapes)
        self._menu.clear()
        self._menu.addAction(f"Default: {default}", partial(self._put, default))
        quick = ", ".join(shape.label for shape in workload.default_shapes[:2])
        self._menu.addAction(f"Quick look: {quick}", partial(self._put, quick))
        for name, shape in workload.presets.items():
            action = self._menu.addAction(f"Add {name}: {shape.label}")
            action.triggered.connect(lambda _=False, s=shape: self._add(s))
        self._put(text or default)
        self._read()

    def _add(self, shape: Shape) -> None:
        text = self.line.text().strip().rstrip(",")
        self._put(f"{text}, {shape.label}" if text else shape.label)

    def _put(self, text: str) -> None:
        """The first sizes show, not the last."""
        self.line.setText(text)
        self.line.home(False)

    def _read(self) -> None:
        if self._workload is None:
            return
        try:
            self.shapes, words = parse_sizes(self.line.text(), self._workload), ""
        except KernelscopeError as error:
            self.shapes, words = (), str(error)
        ink = QPalette(self.palette())
        ink.setColor(QPalette.ColorRole.WindowText, QColor(current().bad))
        self.problem.setPalette(ink)
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.changed.emit()
