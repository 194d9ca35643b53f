"""The bar that takes more lines where its width does not do for one."""

from typing import Any

from PySide6.QtWidgets import QLabel, QPushButton

from app.gui.parts.folding_bar import FoldingBar


def test_a_bar_folds_when_what_it_holds_grows(qtbot: Any) -> None:
    count, undo, last = QLabel("7 runs"), QPushButton("Undo delete"), QPushButton("Open")
    undo.hide()
    bar = FoldingBar(((count, 1), (undo, 0)), ((last, 0),))
    qtbot.addWidget(bar)
    bar.setFixedWidth(count.sizeHint().width() + undo.sizeHint().width() + 20)
    bar.show()
    assert last.x() > count.geometry().right()
    undo.show()
    qtbot.waitUntil(lambda: last.y() > undo.geometry().bottom())
    undo.hide()
    qtbot.waitUntil(lambda: last.x() > count.geometry().right())
