"""The export dialog: chart or data, to a file or the clipboard, with a look at it first."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from app.charts.picture import Key, Picture
from app.core.errors import KernelscopeError
from app.core.session import Session
from app.findings.rows import Row
from app.gui.charts.panel import ChartPanel
from app.gui.parts.actions import Action
from app.gui.parts.memory import Memory
from app.gui.parts.sizes import code_font
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where
from app.gui.window.figure_options import PIXELS, FigureOptions

PICTURES = (".png", ".svg", "chart.pdf")

PREVIEW, PAUSE_MS = (480, 270), 120
"""Pixels of the preview, and milliseconds without a change after which it is drawn."""


class Exporting:
    """Opens the dialog."""

    def __init__(self, controller: Controller, chart: ChartPanel, memory: Memory, parent: QWidget) -> None:
        self._controller, self._chart = controller, chart
        self._memory, self._parent = memory, parent

    def commands(self) -> list[Action]:
        """What the menu File offers."""
        return [
            Action(
                "export",
                "&File",
                "&Export…",
                "Ctrl+E",
                "Chart as PNG, SVG or PDF, report as HTML or Markdown, data as CSV or JSON",
                self.ask,
                "export",
                when=lambda: self._controller.something,
            )
        ]

    def ask(self) -> None:
        """Chart or data, to a file or the clipboard."""
        if self._controller.something:
            self.show(self._chart.picture, self._chart.hidden)
        else:
            self._controller.said.emit("info", "There is nothing to export yet: press F5 to run.")

    def show(self, picture: Picture | None, hidden: frozenset[Key]) -> None:
        """A picture; that of the chart with the session behind it."""
        session = self._controller.kept() if picture is self._chart.picture else None
        dialog = ExportDialog(picture, session, self._controller.rows, hidden, self._memory, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


@dataclass(frozen=True)
class Form:
    """One thing that can be exported; ``name`` ends as its file does."""

    name: str
    text: str
    tip: str


FORMS = (
    Form(".png", "Chart as PNG", "For slides and issues"),
    Form(".svg", "Chart as SVG", "Vectors, sharp at any size"),
    Form("chart.pdf", "Chart as PDF", "Vectors on a page of its size, for papers"),
    Form(".pdf", "Report as PDF", "The finding, its figures and advice on at most six pages, to mail"),
    Form(".html", "Report as HTML", "All charts, advice, tables, hardware and kernels on one page"),
    Form(".md", "Report as Markdown", "Machine, advice and tables, for an issue"),
    Form(".csv", "Data as CSV", "One line per measurement, columns as documented"),
    Form(".json", "Data as JSON", "The same columns as the CSV, one object per measurement"),
)


class ExportDialog(QDialog):
    """Exports a picture as the window shows it, or the session behind it, if any, as a report or as data."""

    def __init__(
        self,
        picture: Picture | None,
        session: Session | None,
        rows: list[Row],
        hidden: frozenset[Key],
        memory: Memory,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self._picture = picture
        self._session, self._rows, self._hidden, self._memory = session, rows, hidden, memory
        self._choices = QButtonGroup(self)
        self.buttons: dict[str, QRadioButton] = {}
        self._preview = QLabel(accessibleName="Preview")
        self._preview.setFixedSize(*PREVIEW)
        self._preview.setFrameShape(QLabel.Shape.StyledPanel)
        self.options = FigureOptions(picture, memory)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.options.changed.connect(self._pause.start)
        self.note = QLabel(
            wordWrap=True, accessibleName="What was exported", textFormat=Qt.TextFormat.PlainText
        )
        self.file_button = QPushButton("Save to &file…", default=True)
        self.copy_button = QPushButton("&Copy to clipboard")
        self._build()
        self.select(memory.read("export", ".png") if self._picture else ".csv")

    def _build(self) -> None:
        left = QVBoxLayout()
        for form in FORMS:
            if self._session is None and form.name not in PICTURES:
                continue
            button = QRadioButton(form.text, toolTip=form.tip)
            button.setEnabled(self._picture is not None or form.name not in PICTURES)
            if not button.isEnabled():
                button.setToolTip("There is nothing to draw in this view")
            button.clicked.connect(lambda _=False, n=form.name: self.select(n))
            self._choices.addButton(button)
            self.buttons[form.name] = button
            left.addWidget(button)
        left.addStretch(1)
        close = QPushButton("Close")
        for button, slot in (
            (self.file_button, self._to_file),
            (self.copy_button, self.to_clipboard),
            (close, self.reject),
        ):
            button.clicked.connect(slot)
            left.addWidget(button)
        top = QHBoxLayout()
        right = QVBoxLayout()
        right.addWidget(self._preview)
        right.addWidget(self.options)
        right.addStretch(1)
        top.addLayout(left)
        top.addLayout(right)
        layout = QVBoxLayout(self)
        layout.addLayout(top)
        layout.addWidget(self.note)

    @property
    def suffix(self) -> str:
        """How the name of the file ends."""
        return f".{self.chosen.rpartition('.')[2]}"

    def select(self, name: str) -> None:
        """Choose a form and show what it gives."""
        other = ".csv" if self._session else ".png"
        self.chosen = name if name in self.buttons and self.buttons[name].isEnabled() else other
        self.buttons[self.chosen].setChecked(True)
        self.options.setEnabled(self._drawn is not None)
        self._look()

    @property
    def _drawn(self) -> Picture | None:
        """The picture, where it is that which is exported."""
        return self._picture if self.chosen in PICTURES else None

    def _look(self) -> None:
        """Show what would be exported now."""
        self._pause.stop()
        tip = next(form.tip for form in FORMS if form.name == self.chosen)
        self.note.setText(f"{tip}: {self.options.words}" if self.chosen == ".png" else tip)
        if self._drawn:
            from app.gui.charts.export import picture_image

            # As many pixels as are seen: a large figure would take a second for each letter of its title.
            paper, ratio = self.options.paper, self.devicePixelRatioF()
            wide, high = (side * ratio for side in PREVIEW)
            scale = min(PIXELS, wide / paper.wide, high / paper.high)
            pixmap = QPixmap.fromImage(picture_image(self._drawn, self._hidden, scale, paper))
            pixmap.setDevicePixelRatio(ratio)
            self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._preview.setPixmap(pixmap)
        else:
            shown = ".md" if self.chosen == ".html" else self.chosen  # the same, as it reads
            self._preview.setFont(code_font(self))
            self._preview.setAlignment(Qt.AlignmentFlag.AlignTop)
            self._preview.setTextFormat(Qt.TextFormat.PlainText)
            self._preview.setText(self._beginning(self._text(shown)))

    def _beginning(self, text: str) -> str:
        """The beginning of ``text``, as much as there is room for."""
        metrics, room = self._preview.fontMetrics(), self._preview.contentsRect()
        lines = text.splitlines()[: room.height() // metrics.lineSpacing() - 1]
        elide, width = Qt.TextElideMode.ElideRight, room.width() - 2 * metrics.averageCharWidth()
        return "\n".join(metrics.elidedText(line, elide, width) for line in lines)

    def _text(self, suffix: str) -> str:
        from app.storage.reports import heading, html_report, markdown_report
        from app.storage.tables import csv_text, json_text

        session, rows = self._session, self._rows
        assert session is not None
        base = session.plan.baseline
        match suffix:
            case ".html":
                from app.gui.charts.report import report_charts

                return html_report(session, rows, base, report_charts(session, rows, base), heading(session))
            case ".md" | ".pdf":
                return markdown_report(session, rows, base)
            case ".json":
                return json_text(rows)
        return csv_text(rows)

    def write(self, path: Path) -> None:
        """Export to a file. Raises KernelscopeError."""
        from app.gui.charts.export import picture_bytes
        from app.storage.files import write_atomically

        if self._drawn:
            paper = self.options.paper
            write_atomically(path, picture_bytes(self._drawn, self.suffix, self._hidden, PIXELS, paper))
        elif self.chosen == ".pdf" and self._session:
            from app.gui.charts.document import report_pdf

            write_atomically(path, report_pdf(self._session, self._rows, self._session.plan.baseline))
        else:
            write_atomically(path, self._text(self.chosen).encode())

    def _to_file(self) -> None:
        self._remember()
        path = ask_where(self, self._memory, "Export", f"kernelscope{self.suffix}", self.suffix)
        if path is None:
            return
        self.setCursor(Qt.CursorShape.WaitCursor)
        self.note.setText("Writing…")  # the charts of a report take a second or two
        self.note.repaint()
        try:
            self.write(path)
        except KernelscopeError as error:
            self.note.setText(str(error))
            return
        finally:
            self.unsetCursor()
        self.note.setText(f"Saved {path}")

    def to_clipboard(self) -> None:
        """A picture for a chart (its text for SVG), text for data."""
        from app.gui.charts.export import picture_bytes, picture_image

        clipboard = QApplication.clipboard()
        picture, paper = self._drawn, self.options.paper
        if picture and self.chosen == ".svg":
            clipboard.setText(picture_bytes(picture, ".svg", self._hidden, PIXELS, paper).decode())
        elif picture:
            clipboard.setImage(picture_image(picture, self._hidden, PIXELS, paper))
        else:
            clipboard.setText(self._text(self.chosen))
        self._remember()
        self.note.setText("Copied")

    def _remember(self) -> None:
        self._memory.write("export", self.chosen)
        self.options.remember()
