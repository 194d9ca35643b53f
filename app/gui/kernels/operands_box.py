"""What the operands of a run are like: from caches or past them, with outliers or without."""

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from app.core.kinds import NORMAL
from app.gui.parts.memory import Memory
from app.gui.state.undo import State

OUTLIERS = "outliers"


class OperandsBox(QWidget):
    """Two boxes to tick; ``changed`` when one was."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cold = QCheckBox("&Bypass caches")
        self.cold.setToolTip(
            "Runs take copies of the operands in turn that no cache holds together,\n"
            "so that a small matrix does not pass for memory."
        )
        self.outliers = QCheckBox("&Outliers in operands")
        self.outliers.setToolTip(
            "A few channels and rows are much larger than the others, as in layers of real models:\n"
            "shows what 8 bits and sums in f16 cost there."
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for box in (self.cold, self.outliers):
            layout.addWidget(box)
            box.toggled.connect(self.changed)

    @property
    def kind(self) -> str:
        """The kind of operands, one of ``app.core.kinds.OPERANDS``."""
        return OUTLIERS if self.outliers.isChecked() else NORMAL

    def choices(self) -> dict[str, Any]:
        """What a request takes."""
        return {"cold": self.cold.isChecked(), "operands": self.kind}

    def set_state(self, state: State) -> None:
        """Tick what ``state``, made of ``choices``, says; leave what it does not mention."""
        self.cold.setChecked(bool(state.get("cold", self.cold.isChecked())))
        self.outliers.setChecked(state.get("operands", self.kind) == OUTLIERS)

    def restore(self, memory: Memory) -> None:
        """Tick what was ticked at the end of the last start."""
        self.set_state({name: memory.read(name, value) for name, value in self.choices().items()})

    def remember(self, memory: Memory) -> None:
        """Keep the choices for the next start."""
        for name, value in self.choices().items():
            memory.write(name, value)
