"""An entry of a list of things to tick. No Qt."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """One thing to tick; a disabled one says why in ``reason``, an enabled one may say what it loses.

    In a grid it stands where ``row`` and ``column`` cross. A ``heading`` stands above others.
    """

    key: str
    text: str
    note: str = ""
    reason: str = ""
    tip: str = ""
    group: str = ""
    enabled: bool = True
    default: bool = True
    row: str = ""
    column: str = ""
    heading: bool = False
