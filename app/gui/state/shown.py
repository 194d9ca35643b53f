"""What the window shows: a session with its rows, the baseline they are over, and the row that is chosen."""

from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from app.core.baseline import USUAL_BASELINE
from app.core.session import Session
from app.findings.rows import Row
from app.gui.state.deriver import Deriver
from app.gui.state.run import Run


class Shown(QObject):
    """Panels read its attributes and listen to its signals.

    While a run is under way (``_run``) the session grows, and rows are derived as it does. ``previous`` is
    the session that the last run replaced.
    """

    session_changed = Signal()
    rows_changed = Signal()
    row_chosen = Signal(object)
    row_updated = Signal(object)
    said = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._deriver = Deriver(self)
        self._deriver.derived.connect(self._on_derived)
        self._deriver.failed.connect(lambda text: self.said.emit("error", text))
        self._run: Run | None = None
        self.session: Session | None = None
        self.previous: Session | None = None
        self.rows: list[Row] = []
        self.chosen: Row | None = None
        self.baseline = USUAL_BASELINE
        self.path: Path | None = None
        self.title = ""
        self.modified = False
        self.unkept = False

    @property
    def running(self) -> bool:
        """Whether a plan is under way."""
        return self._run is not None

    @property
    def something(self) -> bool:
        """Whether there is anything to save, export or go back to."""
        return bool(self.session and (self.session.measurements or self.session.searches))

    def amend(self, session: Session) -> None:
        """Show the same session with something more in it, such as ceilings or a tuning."""
        self.session, self.modified = session, True
        self._deriver.ask(session, self.baseline)
        self.session_changed.emit()

    def _keep_previous(self) -> None:
        if self.something:
            self.previous = self.kept()

    def back(self) -> None:
        """Swap with the results that the last run replaced: one key pressed too many loses nothing."""
        session = self.previous
        if session is None or self._run:
            return
        self._keep_previous()
        self.show_session(session)

    def show_session(
        self, session: Session, path: Path | None = None, modified: bool = True, title: str = ""
    ) -> None:
        """Show a session from elsewhere, with the baseline that it was kept with.

        ``title`` is what to call one that is no file.
        """
        self.baseline = session.plan.baseline
        self._show(session, [], path, modified, title)
        self._deriver.ask(session, self.baseline)

    def set_baseline(self, baseline: str) -> None:
        """Compare with another baseline: derived from the samples, nothing runs again."""
        if baseline == self.baseline:
            return
        self.baseline = baseline
        if self.session and self.session.measurements:
            self.modified = True
            self._deriver.ask(self.session, baseline)
            self.session_changed.emit()

    def saved(self, path: Path) -> None:
        """What is shown is in that file now."""
        self.path, self.modified = path, False
        self.session_changed.emit()

    def kept(self) -> Session | None:
        """The session as it is saved and exported: with the baseline that is on screen."""
        session = self._run.session() if self._run else self.session
        if session is None:
            return None
        return structs.replace(session, plan=structs.replace(session.plan, baseline=self.baseline))

    def _show(
        self, session: Session, rows: list[Row], path: Path | None, modified: bool, title: str = ""
    ) -> None:
        self.session, self.rows, self.path, self.modified = session, rows, path, modified
        self.title, self.unkept = title, False
        self.session_changed.emit()
        self.rows_changed.emit()

    def choose(self, row: Row | None) -> None:
        """Make a row the one that details and source are about."""
        self.chosen = row
        self.row_chosen.emit(row)

    def _follow_chosen(self) -> None:
        """Stay with the chosen case while its row is derived anew."""
        if self.chosen is None:
            return
        case = self.chosen.measurement.case
        row = next((row for row in self.rows if row.measurement.case == case), None)
        if row != self.chosen and (row or not self.running):
            self.chosen = row
            self.row_updated.emit(row)

    def _on_derived(self, session: Session, baseline: str, rows: list[Row]) -> None:
        """Late answers to an older question are dropped; cases under way show once they have samples."""
        same_run = self.session is not None and session.plan is self.session.plan
        if baseline != self.baseline or not same_run:
            return
        if self.running:
            self.session = session
            rows = [row for row in rows if row.ok or row.measurement.reason]
        elif session is not self.session:
            return
        self.rows = rows
        self.rows_changed.emit()
        self._follow_chosen()
