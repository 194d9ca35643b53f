"""The advice panel: what the session shown means for somebody who has to choose a kernel."""

from collections.abc import Collection, Sequence
from functools import partial
from html import escape
from itertools import groupby
from urllib.parse import quote

from PySide6.QtCore import QEvent, QUrl
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.findings.advice import Advice, advise
from app.findings.rows import Row
from app.gui.charts.placeholder import Placeholder
from app.gui.parts.background import Background
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.theme import Colours, current
from app.gui.state.controller import Controller


class AdvicePanel(QWidget):
    """Thinks in the background, and never during a run."""

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._background = Background("advice", self)
        self.found: list[Advice] = []
        self._unfolded: set[str] = set()
        self.text = QTextBrowser(accessibleName="Advice", openLinks=False)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.anchorClicked.connect(self._on_link)
        self.placeholder = Placeholder()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.placeholder)
        self._pages.addWidget(self.text)
        self.copy_button = QPushButton("Copy as Markdown", toolTip="Copy every sentence, for an issue")
        self.copy_button.clicked.connect(self.copy)
        note = ElidedLabel()
        note.set_whole("Only what the 95 % intervals carry; all of it holds for these targets and sizes.")
        note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        head = QHBoxLayout()
        head.addWidget(note, 1)
        head.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)
        controller.rows_changed.connect(self.refresh)
        controller.running_changed.connect(self.refresh)
        controller.closing.connect(self._background.close)
        self._background.failed.connect(partial(self._say, "No advice"))
        self.refresh()

    def refresh(self) -> None:
        """Think again, if there is something new to think about."""
        control = self._controller
        if control.running:
            self._say("Measuring…", "Advice follows when the run is over.")
        elif not control.rows:
            self._say(
                "No advice yet", "Press F5 to run, or open a session: it says here which kernel to use."
            )
        else:
            self._say("Weighing the results…", "")
            rows = control.rows
            self._background.ask(partial(advise, rows), partial(self._on_advice, rows), "advice")

    def _on_advice(self, rows: list[Row], found: list[Advice]) -> None:
        """Advice about what is no longer shown is dropped."""
        if self._controller.running or rows is not self._controller.rows:
            return
        self.found = found
        if found:
            self._show()
        else:
            self._say(
                "No advice", "Nothing in this session can be compared: run a baseline and another variant."
            )

    def _show(self) -> None:
        self.text.setHtml(advice_html(self.found, current(), self._unfolded))
        self._pages.setCurrentIndex(1)
        self.setFocusProxy(self.text)
        self.copy_button.setEnabled(True)

    def _say(self, heading: str, body: str) -> None:
        self.found, self._unfolded = [], set()
        self.placeholder.say(heading, body)
        self._pages.setCurrentIndex(0)
        self.setFocusProxy(None)  # type: ignore[arg-type]  # there is only something to read
        self.copy_button.setEnabled(False)

    def _on_link(self, url: QUrl) -> None:
        """``copy:NUMBER/LANGUAGE``, or ``more:`` and what is to be unfolded."""
        if url.scheme() == "more":
            self._unfolded.add(url.path())
            self._show()
            return
        number, _, language = url.toString().removeprefix("copy:").partition("/")
        QApplication.clipboard().setText(self.found[int(number)].code[language])
        self._controller.said.emit("info", f"Copied the {language}")

    def copy(self) -> None:
        """Put every sentence on the clipboard, as a Markdown list by subject."""
        from app.storage.reports import advice_markdown

        QApplication.clipboard().setText(advice_markdown(self.found))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "found") and self.found:
            self._show()


MANY = 12
"""Sentences that one reads from end to end; of more only the last of a workload on a target shows first."""


def advice_html(found: Sequence[Advice], colours: Colours, unfolded: Collection[str] = ()) -> str:
    """Sentences by subject; links read ``copy:NUMBER/LANGUAGE``, or ``more:`` and what is folded.

    The last of a target is about its largest sizes.
    """
    parts: list[str] = []
    for kind, own in groupby(enumerate(found), key=lambda pair: pair[1].kind):
        parts.append(f"<p style='margin:8px 0 2px 0'><b>{kind.heading}</b></p>")
        together: dict[str, list[tuple[int, Advice]]] = {}
        for number, advice in own:
            about = advice.text.partition(" on ")[0]  # a workload, where several sizes have sentences
            together.setdefault(f"{kind.value}/{advice.target}/{about}", []).append((number, advice))
        for place, all_of_it in together.items():
            folded = 0 if len(found) <= MANY or place in unfolded else len(all_of_it) - 1
            for number, advice in all_of_it[folded:]:
                more = f" <a href='more:{escape(quote(place))}'>{folded} more</a>" if folded else ""
                parts.append(_sentence(number, advice, colours, more))
    return "".join(parts)


def _sentence(number: int, advice: Advice, colours: Colours, more: str) -> str:
    links = " · ".join(f"<a href='copy:{number}/{name}'>{name}</a>" for name in advice.code)
    copies = f" <span style='color:{colours.muted}'>Copy {links}</span>" if links else ""
    sentence = escape(advice.brief or advice.text)
    return f"<p style='margin:0 0 3px 12px'>{sentence}.{copies}{more}</p>"
