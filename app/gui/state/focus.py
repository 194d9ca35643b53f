"""What is pointed at and what is asked for, which chart, legend and table share."""

from PySide6.QtCore import QObject, Signal

from app.findings.rows import Row


class Focus(QObject):
    """``pointed`` carries the row under the pointer or None, ``filtered`` the words of the filter."""

    pointed = Signal(object)
    filtered = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.row: Row | None = None
        self.words = ""

    def point(self, row: Row | None) -> None:
        """Bring a row into focus everywhere; None lets go."""
        if row is not self.row:
            self.row = row
            self.pointed.emit(row)

    def filter(self, words: str) -> None:
        """Ask for the rows in which each of these words occurs; empty asks for all."""
        if words != self.words:
            self.words = words
            self.filtered.emit(words)

    def passes(self, row: Row) -> bool:
        """Whether a row is asked for."""
        words = self.words.lower().split()
        return not words or all(word in searched(row) for word in words)


def searched(row: Row) -> str:
    """What the words of the filter are looked for in: columns of words, no figures."""
    measurement = row.measurement
    parts = (row.target.label, row.name, row.size, measurement.status.value, row.note, measurement.timer)
    return "\n".join(parts).lower()
