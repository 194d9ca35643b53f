"""Progress in the status bar: a bar of the time that is over, and a line of words."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from app.core.measurement import Status
from app.core.session import Session
from app.core.target import Target
from app.gui.parts.plain import plain
from app.gui.parts.progress import LiveProgress, Progress
from app.gui.state.jobs import JobProgress

SHARES = 100
"""Steps of the bar: it is painted anew that often, and animates nothing while something is measured."""


class ProgressLine(QWidget):
    """Where nobody knows the end there is no bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(textVisible=False, accessibleName="Progress of the run")
        self.bar.setMaximum(SHARES)
        self.bar.setFixedWidth(180)
        self.bar.setMaximumHeight(self.fontMetrics().height())
        self.words = QLabel(accessibleName="Progress in words")
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 0, 6, 0)
        layout.addWidget(self.bar)
        layout.addWidget(self.words, 1)
        self.bar.hide()

    def show_progress(self, progress: Progress | LiveProgress | JobProgress) -> None:
        """Follow a run or a job."""
        text = progress.text
        if text != self.words.text():
            self.words.setText(text)
            self.words.setToolTip(plain(text))
        self.bar.setVisible(isinstance(progress, Progress))
        if isinstance(progress, Progress):
            self.bar.setValue(round(SHARES * progress.share))

    def rest(self, words: str) -> None:
        """Show words alone, for there is no run."""
        self.bar.hide()
        self.words.setText(words)
        self.words.setToolTip(plain(words))


def rest_words(session: Session | None, targets: Sequence[Target]) -> str:
    """How many results of each status ``session`` has, or how many ``targets`` there are to measure on."""
    if session is None:
        return f"{len(targets)} target{'s' * (len(targets) != 1)}"
    gone = sum(m.status is Status.CANCELLED for m in session.measurements)
    whole = max(len(session.plan.cases), len(session.measurements))
    if session.measurements and (gone or len(session.measurements) < whole):
        return f"{len(session.measurements) - gone} of {whole}, stopped"
    statuses = [m.status.value for m in session.measurements]
    counts = {status: statuses.count(status) for status in dict.fromkeys(statuses)}
    return "  ·  ".join(f"{count} {status}" for status, count in counts.items())
