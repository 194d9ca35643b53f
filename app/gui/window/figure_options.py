"""What a figure looks like as a file: its size, theme, size of type and title."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QWidget

from app.charts.headline import headline
from app.charts.picture import Picture
from app.gui.charts.paper import Paper
from app.gui.parts.memory import Memory
from app.gui.parts.theme import DARK, LIGHT

PIXELS = 2
"""Pixels to the unit."""

SIZES = {
    "Slide, 16:9": (2560, 1440),
    "Slide, 4:3": (2048, 1536),
    "Square": (1600, 1600),
    "Column of a paper": (1400, 1050),
    "Banner, 3:1": (2400, 800),
}
OWN = "Another size"

THEMES = {"light": LIGHT, "dark": DARK}
TYPES = (75, 100, 125, 150, 175, 200)
"""Per cent of the usual type."""

FEWEST, MOST = 480, 7680
"""Pixels of a side."""

REMEMBERED = "figure/"


class FigureOptions(QWidget):
    """``changed`` when the figure is to look otherwise; ``remember`` keeps that for the next one.

    A title of one's own is kept for the same finding alone: another figure shows another.
    """

    changed = Signal()

    def __init__(self, picture: Picture | None, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self._finding = headline(picture) if picture else ""
        self.size_box = QComboBox(accessibleName="Size")
        self.size_box.addItems([*SIZES, OWN])
        self.wide, self.high = (
            QSpinBox(minimum=FEWEST, maximum=MOST, suffix=" px", accessibleName=f"{side} in pixels")
            for side in ("Width", "Height")
        )
        self.theme_box = QComboBox(accessibleName="Theme")
        for name in THEMES:
            self.theme_box.addItem(name.capitalize(), name)
        self.type_box = QComboBox(accessibleName="Size of type")
        for part in TYPES:
            self.type_box.addItem(f"{part} %", part)
        self.title_line = QLineEdit(placeholderText=self._finding, clearButtonEnabled=True)
        self.title_line.setAccessibleName("Title")
        self.title_line.setToolTip("In place of the finding; empty is the finding itself")
        self._lay_out()
        self._restore()
        self.size_box.activated.connect(self._on_size)
        for side in (self.wide, self.high):
            side.valueChanged.connect(self._on_side)
        for box in (self.theme_box, self.type_box):
            box.activated.connect(self.changed)
        self.title_line.textChanged.connect(self.changed)

    def _lay_out(self) -> None:
        """Few things in a line: type may be large."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        type_name = QLabel("T&ype", buddy=self.type_box)
        for row, (name, parts) in enumerate(
            (
                ("T&itle", (self.title_line,)),
                ("Si&ze", (self.size_box,)),
                ("", (self.wide, QLabel("×"), self.high)),
                ("T&heme", (self.theme_box, type_name, self.type_box)),
            )
        ):
            if name:
                grid.addWidget(QLabel(name, buddy=parts[0]), row, 0)
            line = QHBoxLayout()
            for part in parts:
                line.addWidget(part)
            if parts != (self.title_line,):
                line.addStretch(1)
            grid.addLayout(line, row, 1)

    @property
    def paper(self) -> Paper:
        """What the figure is drawn on."""
        return Paper(
            self.wide.value() / PIXELS,
            self.high.value() / PIXELS,
            THEMES[self.theme_box.currentData()],
            self.type_box.currentData() / 100,
            self.title_line.text().strip(),
        )

    @property
    def words(self) -> str:
        """``2560 × 1440 pixels, light``."""
        return f"{self.wide.value()} × {self.high.value()} pixels, {self.theme_box.currentData()}"

    def _on_size(self) -> None:
        """A known size has its sides; another keeps those that are there."""
        self._set_sides(SIZES.get(self.size_box.currentText(), (self.wide.value(), self.high.value())))
        self.changed.emit()

    def _set_sides(self, sides: tuple[int, int]) -> None:
        for box, value in zip((self.wide, self.high), sides, strict=True):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _on_side(self) -> None:
        self._name_size()
        self.changed.emit()

    def _name_size(self) -> None:
        sides = (self.wide.value(), self.high.value())
        self.size_box.setCurrentText(next((name for name, known in SIZES.items() if known == sides), OWN))

    def remember(self) -> None:
        """Let the next figure look alike."""
        write = self._memory.write
        write(f"{REMEMBERED}wide", self.wide.value())
        write(f"{REMEMBERED}high", self.high.value())
        write(f"{REMEMBERED}theme", str(self.theme_box.currentData()))
        write(f"{REMEMBERED}type", int(self.type_box.currentData()))
        write(f"{REMEMBERED}title", [self._finding, self.title_line.text().strip()])

    def _restore(self) -> None:
        read, usual = self._memory.read, next(iter(SIZES.values()))
        self._set_sides((read(f"{REMEMBERED}wide", usual[0]), read(f"{REMEMBERED}high", usual[1])))
        self._name_size()
        self.theme_box.setCurrentIndex(max(0, self.theme_box.findData(read(f"{REMEMBERED}theme", "light"))))
        known = self.type_box.findData(read(f"{REMEMBERED}type", 100))
        self.type_box.setCurrentIndex(known if known >= 0 else TYPES.index(100))
        match read(f"{REMEMBERED}title", ["", ""]):
            case [finding, title] if finding == self._finding:
                self.title_line.setText(title)
