"""The choice bar: what a mode lets one choose, each in a box; nothing where there is no choice."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from app.charts.choices import Selector

WIDEST = 36
"""Letters that a box has room for at most."""


class ChoiceBar(QWidget):
    """``chosen`` carries the field of ``View`` and its new value."""

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        self.boxes: dict[str, QComboBox] = {}
        for name in ("workload", "search", "parameters", "quantity", "panels", "target", "size"):
            box = QComboBox(accessibleName=name.capitalize(), toolTip=f"The {name} that the chart shows")
            box.setMaximumWidth(WIDEST * self.fontMetrics().averageCharWidth())
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.activated.connect(lambda _=0, n=name: self.chosen.emit(n, self.boxes[n].currentData()))
            box.hide()
            self.boxes[name] = box
            layout.addWidget(box)

    def show_choices(self, choices: Sequence[Selector]) -> None:
        """Offer these; a box keeps its list while nothing in it changes, so that it may stay open."""
        given = {choice.name: choice for choice in choices}
        for name, box in self.boxes.items():
            choice = given.get(name)
            box.setVisible(choice is not None)
            if choice is None:
                continue
            there = tuple((box.itemData(i), box.itemText(i)) for i in range(box.count()))
            if there != choice.options:
                box.clear()
                for value, label in choice.options:
                    box.addItem(label, value)
            box.setCurrentIndex(box.findData(choice.chosen))
