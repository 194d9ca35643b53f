"""How many times each kernel is prepared, to choose."""

from PySide6.QtWidgets import QSpinBox, QWidget

from app.core.pairs import FEWEST_INSTANCES
from app.core.plan import MOST_INSTANCES


class InstancesBox(QSpinBox):
    """A number from 1 on; ``Settings.instances``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, minimum=1, maximum=MOST_INSTANCES)
        self.setAccessibleName("Instances of each kernel")
        self.setToolTip(
            "Each kernel is prepared so many times, compiled and laid out in memory anew,\n"
            "and its interval holds them all. Sessions that did so "
            f"{FEWEST_INSTANCES} times or more\ncan be compared for small differences."
        )
