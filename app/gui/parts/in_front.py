"""What the user sees of the panels: Qt counts docks behind tabs as visible and shows them with the window."""

from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget


@runtime_checkable
class CatchesUp(Protocol):
    """A panel that leaves what takes long until it is seen; called whenever it comes into view."""

    def catch_up(self) -> None: ...


def in_front(widget: QWidget) -> bool:
    """Whether any of it can be seen."""
    return widget.isVisible() and not widget.visibleRegion().isEmpty()
