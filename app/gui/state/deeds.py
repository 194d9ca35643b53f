"""Deeds: what can be done about a case, said once; the inspector and every chart's menu offer it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.findings.rows import Row

DETAILS = "Details"
"""The deed that shows a case: the inspector itself needs no button for it."""


def always(row: Row) -> bool:
    """The condition of what can be done about any case."""
    return True


@dataclass(frozen=True)
class Deed:
    """One thing that can be done about a case of the session shown; ``when`` says whether it can be now."""

    name: str
    text: str
    tip: str
    do: Callable[[Row], object]
    when: Callable[[Row], bool] = always


class Deeds(QObject):
    """The window fills it in. ``export_asked`` carries a picture and the keys that are hidden in it."""

    export_asked = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.known: tuple[Deed, ...] = ()
