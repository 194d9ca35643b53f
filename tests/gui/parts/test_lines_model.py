"""Lines on branches: a model that survives being filled anew under a view, and whose tooltips are text."""

import gc
from pathlib import Path
from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

import app.gui
from app.findings.across import across
from app.findings.matrix import columns, matrix
from app.gui.compare.verdicts_view import VerdictsView
from app.gui.hardware.model import MatrixModel
from app.gui.parts.lines_model import Branch, LinesModel, Role
from app.gui.parts.theme import DARK, LIGHT
from app.storage.shipped import example

HEADS = [{Role.DisplayRole: "name"}, {Role.DisplayRole: "figure", Role.ToolTipRole: "<b>figure</b>"}]
LINES = [
    Branch([{Role.DisplayRole: "a"}], [[{Role.DisplayRole: "a1"}, {Role.DisplayRole: "1"}]]),
    Branch([{Role.DisplayRole: "b"}, {Role.DisplayRole: "2", Role.ToolTipRole: "<img src=x>"}]),
]


def test_it_is_a_model_as_qt_wants_them(qapp: Any) -> None:
    model = LinesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.fill(HEADS, LINES)
    branch = model.index(0, 0)
    line = model.index(0, 1, branch)
    assert (line.data(), line.parent().data(), branch.parent().isValid()) == ("1", "a", False)
    assert model.index(0, 1).data() is None  # a branch may be short of cells
    assert [model.rowCount(at) for at in (QModelIndex(), branch, model.index(1, 0), line)] == [2, 1, 0, 0]
    model.fill(HEADS[:1], [])
    assert (model.rowCount(), model.columnCount()) == (0, 1)


def test_tooltips_are_text(qapp: Any) -> None:
    model = LinesModel()
    model.fill(HEADS, LINES)
    tips = (
        model.index(1, 1).data(Role.ToolTipRole),
        model.headerData(1, Qt.Orientation.Horizontal, Role.ToolTipRole),
    )
    for tip, text in zip(tips, ("img", "b"), strict=True):
        assert f"&lt;{text}" in tip
        assert f"<{text}" not in tip


def test_a_view_survives_being_filled_anew(qtbot: Any) -> None:
    """With Qt's own items the program ended at the third time or so."""
    view = VerdictsView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.show_across(across([("a", example()), ("b", example())]))
    matrix_model, shown = MatrixModel(), columns([("a", example())])
    for i in range(12):
        view.refresh()
        matrix_model.show(shown, matrix(shown), DARK if i % 2 else LIGHT)
        qtbot.wait(1)
        gc.collect()
    assert view.model.rowCount() > 1
    assert matrix_model.rowCount() > 1


def test_no_view_is_filled_with_items_of_qts_own_models() -> None:
    """They are freed by whoever comes first, Python or Qt."""
    texts = {path: path.read_text("utf-8") for path in Path(app.gui.__file__).parent.rglob("*.py")}
    assert not [path.name for path, text in texts.items() if "QStandardItem" in text]
