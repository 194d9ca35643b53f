"""The results as the table shows them: those that are asked for, in the order that is asked for."""

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt

from app.findings.rows import Row
from app.gui.results.columns import LAST
from app.gui.results.results_model import NOWHERE, SORT, Index, ResultsModel


class ResultsProxy(QSortFilterProxyModel):
    """Sorts figures as figures, lines without one last either way; every word of the filter must occur."""

    def __init__(self, model: ResultsModel) -> None:
        super().__init__()
        self.setSourceModel(model)
        self.setSortRole(SORT)
        self._model = model

    def set_filter(self, text: str) -> None:
        """Show lines in which each of these words occurs, and the targets above them."""
        begin = getattr(self, "beginFilterChange", None)  # since Qt 6.10, which deprecates the other way
        if begin:
            begin()
        self._model.ask(text.lower().split())
        self.endFilterChange() if begin else self.invalidateRowsFilter()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether all words occur somewhere in the line, or in one below it."""
        return self._model.passes(source_row, source_parent)

    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare figures; what has none is never the smaller, nor the larger when sorting downwards."""
        a, b = left.data(SORT), right.data(SORT)
        if (
            isinstance(a, float)
            and isinstance(b, (int, float))
            and self.sortOrder() is Qt.SortOrder.DescendingOrder
        ):
            a, b = (-LAST if a == LAST else a), (-LAST if b == LAST else b)
        return bool(a < b)

    def row(self, index: Index) -> Row | None:
        """The row of a line; of a target's the fastest there, if any is."""
        return self._model.row(self.mapToSource(index))

    def place(self, number: int) -> QModelIndex:
        """The line of a row, by its number; nowhere where it is not asked for."""
        return self.mapFromSource(self._model.place(number))

    def is_group(self, index: Index) -> bool:
        """Whether it is the line of a target."""
        return self._model.is_group(self.mapToSource(index))

    def groups(self) -> list[QModelIndex]:
        """The lines that have others below them; one that is nowhere, where there are none such."""
        if not self._model.grouped:
            return [NOWHERE]
        return [self.index(i, 0) for i in range(self.rowCount())]

    def below(self, parent: Index) -> list[Row]:
        """The rows below a line, in order."""
        found = (self.row(self.index(i, 0, parent)) for i in range(self.rowCount(parent)))
        return [row for row in found if row]
