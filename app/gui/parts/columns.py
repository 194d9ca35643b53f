"""Columns of tables: as wide as their letters need, whatever the size of these."""

from collections.abc import Sequence

from PySide6.QtWidgets import QTableView


def set_widths(table: QTableView, letters: Sequence[int]) -> None:
    """Make each column that many letters wide, or as wide as its title."""
    letter, header = table.fontMetrics().averageCharWidth(), table.horizontalHeader()
    for i, count in enumerate(letters):
        table.setColumnWidth(i, max(count * letter, header.sectionSizeHint(i)))
