"""The details panel: what is known of the chosen case, and the ways from it to its text."""

from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.core.plan import Case
from app.findings.rows import Row
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.theme import current
from app.gui.results.details import as_text, facts, heading
from app.gui.results.samples_view import SamplesView
from app.gui.source.added import again
from app.gui.state.controller import Controller

NOTHING = (
    "Choose a line of the results, or click a point of a chart: its samples, costs and parameters show here."
)


class DetailsPanel(QWidget):
    """``source_asked`` and ``diff_asked`` when the user wants to read the text of what is shown."""

    source_asked = Signal()
    diff_asked = Signal()

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self.row: Row | None = None
        self._again: tuple[Case, int] | None = None
        """A case that was asked for again, and the last run before that."""
        self.title = ElidedLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.samples = SamplesView()
        self.facts = QLabel(wordWrap=True, accessibleName="Details", textFormat=Qt.TextFormat.RichText)
        self.facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts.setMargin(2)
        scroll = QScrollArea(widgetResizable=True, accessibleName="Details, to scroll")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.samples)
        column.addWidget(self.facts, 1)
        scroll.setWidget(inside)
        self.buttons: dict[str, QPushButton] = {}
        buttons: list[tuple[QWidget, int]] = []
        for name, tip, slot in (
            ("Source", "Show the text that ran", self.source_asked.emit),
            ("Diff", "Show the text beside that of the base line", self.diff_asked.emit),
            ("Copy", "Copy all of this as text, samples included", self.copy),
            ("Run again", "Measure this case once more, with its base line and these parameters", self.run),
        ):
            button = QPushButton(name, toolTip=tip, accessibleName=tip)
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance(name) + 16)
            button.clicked.connect(slot)
            self.buttons[name] = button
            buttons.append((button, 0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.title)
        layout.addWidget(scroll, 1)
        layout.addWidget(FoldingBar(buttons[:2], buttons[2:]))
        controller.row_chosen.connect(self.show_row)
        controller.row_updated.connect(self.show_row)
        controller.running_changed.connect(lambda _: self._enable())
        controller.rows_changed.connect(self._turn, Qt.ConnectionType.QueuedConnection)  # when all have them
        self.show_row(None)

    def show_row(self, row: Row | None) -> None:
        """Show what is known of ``row``; None says how to choose one."""
        self.row = row
        self.title.set_whole(heading(row) if row else "")
        self.title.setVisible(row is not None)
        self.samples.show_row(row)
        if row is None or (self._again and row.measurement.case != self._again[0]):
            self._again = None
        self._enable()
        if row is None:
            self.facts.setText(NOTHING)
            return
        muted = current().muted
        lines = "".join(
            f"<tr><td style='color:{muted};padding-right:10px;white-space:nowrap'>{escape(name)}</td>"
            f"<td>{escape(words)}</td></tr>"
            for name, words in facts(row)
        )
        self.facts.setText(f"<table cellspacing='0' cellpadding='1'>{lines}</table>")

    def _enable(self) -> None:
        for name, button in self.buttons.items():
            button.setEnabled(self.row is not None and not (name == "Run again" and self._controller.running))

    def copy(self) -> None:
        """Copy all details to the clipboard."""
        if self.row:
            QApplication.clipboard().setText(as_text(self.row))

    def run(self) -> None:
        """Measure the case once more, or say why not."""
        if self.row is None:
            return
        request = again(self._controller, self.row)
        if isinstance(request, str):
            self._controller.said.emit("warning", request)
            return
        last = max((row.measurement.run for row in self._controller.rows), default=0)
        self._again = (self.row.measurement.case, last)
        self._controller.run(request)

    def _turn(self) -> None:
        """Go to the row of the case that was run again, once there is one."""
        if self._again is None:
            return
        case, last = self._again
        for row in self._controller.rows:
            own = row.measurement
            if own.run > last and (own.case.group, own.case.variant) == (case.group, case.variant):
                self._again = None
                self._controller.choose(row)
                return

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "buttons"):
            self.show_row(self.row)
