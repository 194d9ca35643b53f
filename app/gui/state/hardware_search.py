"""What there is to run on, as engines answer: found at the start, or in browsers that were added."""

from collections.abc import Callable, Iterable
from threading import Event

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from app.core.events import CeilingsMeasured, Log, TargetsFound
from app.core.plan import Plan
from app.core.recorder import Recorder
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.engines.browser.find import Browser
from app.engines.browser.launch import How
from app.gui.parts.feed import Feed
from app.machine.store import Store
from app.worker.pages import OPEN_SECONDS, add_browser
from app.worker.supervisor import Supervisor

TICK_MS = 100


class HardwareSearch(QObject):
    """One search at a time, and none beside other work: ``idle`` says whether there is any."""

    changed = Signal()
    logged = Signal(str, str)
    said = Signal(str, str)

    def __init__(self, supervisor: Supervisor, idle: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._supervisor = supervisor
        self._idle = idle
        self._feed: Feed[TargetsFound | Log] | None = None
        self._cancelled = Event()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.found: dict[str, TargetsFound] = {}

    @property
    def searching(self) -> bool:
        """Whether some engine has yet to answer."""
        return self._feed is not None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was found on this machine: GPUs, then Wasm, then NumPy, whoever answered first."""
        found = [target for answer in self.found.values() for target in answer.targets]
        return tuple(sorted(found, key=lambda target: list(Runtime).index(target.runtime)))

    @property
    def versions(self) -> dict[str, str]:
        """Versions of every library that an engine told of."""
        return {name: v for found in self.found.values() for name, v in found.versions.items()}

    def store(self) -> Store:
        """What this machine is known for, with the engines that were found."""
        return Store({engine: found.versions for engine, found in self.found.items()})

    def recorder(self, plan: Plan, known: tuple[Variant, ...]) -> Recorder:
        """A recorder of ``plan``, with the targets that it uses and what is known of their ceilings."""
        from app.machine.ceilings import known_ceilings
        from app.worker.recording import make_recorder

        used = {case.target for case in plan.cases}
        targets = tuple(target for target in self.targets if target.id in used)
        recorder = make_recorder(plan, targets, self.versions, known)
        for target, ceilings in known_ceilings(self.store(), targets).items():
            recorder.apply(CeilingsMeasured(target, ceilings))
        return recorder

    def find(self) -> None:
        """Ask every engine what it finds."""
        if self._idle():
            self.found = {}
            self._begin(self._supervisor.find_targets, "find-targets")

    def browser_ticket(self) -> str:
        """A new address to open in a browser, once, so that it becomes a target."""
        return self._supervisor.browsers.ticket()

    def add_browser(
        self, browser: Browser | None, how: How, seconds: float | None = None, ticket: str = ""
    ) -> None:
        """Open the page in ``browser``, or wait until ``ticket`` is opened; its targets join those found."""
        if not self._idle():
            return
        self._cancelled.clear()
        patience = OPEN_SECONDS if seconds is None else seconds
        cancelled = self._cancelled.is_set
        self._begin(
            lambda: add_browser(self._supervisor, browser, how, patience, cancelled, ticket), "add-browser"
        )

    def cancel(self) -> None:
        """Wait for no browser any longer."""
        self._cancelled.set()

    def _begin(self, source: Callable[[], Iterable[TargetsFound | Log]], name: str) -> None:
        self._feed = Feed(source, name)
        self._timer.start()
        self.changed.emit()

    def _tick(self) -> None:
        feed = self._feed
        if feed is None:
            return
        done = feed.done
        events = feed.take()
        for event in events:
            if isinstance(event, TargetsFound):
                self._note(event)
                for target in event.targets:
                    self.logged.emit("info", f"Found {target.label}")
                for note in event.notes:
                    self.logged.emit("warning", note)
            else:
                self.logged.emit(event.level, event.text)
        if done:
            self._feed = None
            self._timer.stop()
            if feed.error:
                self.said.emit("error", f"{feed.error[:1].upper()}{feed.error[1:]}.")
        if events or done:
            self.changed.emit()

    def _note(self, event: TargetsFound) -> None:
        """Take an answer in, with what is known of its targets."""
        from app.machine.ceilings import as_known

        self.found[event.engine] = event
        known = tuple(as_known(self.store(), event.targets))
        self.found[event.engine] = structs.replace(event, targets=known)

    def close(self) -> None:
        """Look no more at what may still come."""
        self._cancelled.set()
        self._timer.stop()
