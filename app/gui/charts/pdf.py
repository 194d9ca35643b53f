"""Makes Qt's PDF a function of what it shows: dated by the session, not by the moment of writing."""

import re

_INFO = re.compile(rb"(?<=Date \(D:)\d{14}[^)]*\)")
_METADATA = re.compile(rb"(?<=Date=\")\d{4}-\d\d-\d\dT[^\"]*")

UNKNOWN = "2000-01-01T00:00:00Z"
"""The date of what belongs to no one session, such as a trend."""


def dated(data: bytes, created: str) -> bytes:
    """The document ``data`` with another date; everything keeps its place, which a PDF lists at its end."""
    moment = (created or UNKNOWN).encode()[:19]
    digits = re.sub(rb"\D", b"", moment)
    data = _INFO.sub(lambda found: (digits + b"Z)").ljust(len(found[0])), data)
    return _METADATA.sub(lambda found: (moment + b"+00:00")[: len(found[0])].ljust(len(found[0])), data)
