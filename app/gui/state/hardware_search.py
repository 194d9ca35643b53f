"""What there is to run on, as engines answer: found at the start, or in browsers that were added."""

from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QObject, QTimer, Signal

from app.core.events import CeilingsMeasured, Log, TargetsFound
from app.core.plan import Plan
from app.core.recorder import Recorder
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.engines.browser.find import Browser
from app.engines.browser.launch import How
from app.fleet.machines import Seen
from app.fleet.trust import Door
from app.gui.parts.feed import Feed
from app.machine.store import Store
from app.worker.pages import OPEN_SECONDS, add_browser
from app.worker.supervisor import Supervisor

if TYPE_CHECKING:
    from app.fleet.fleet import Fleet

TICK_MS = 100
LOOK_MS = 1000


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
        self.fleet: Fleet | None = None
        self.machines: tuple[Seen, ...] = ()
        """Those of the fleet that was added, as they were last heard of."""
        self._looks = QTimer(self, interval=LOOK_MS)
        self._looks.timeout.connect(self._look)

    @property
    def searching(self) -> bool:
        """Whether some engine has yet to answer."""
        return self._feed is not None

    @property
    def targets(self) -> tuple[Target, ...]:
        """What was found: of this machine, then of each of a fleet; GPUs, then Wasm, then NumPy."""
        found = [target for answer in self.found.values() for target in answer.targets]
        order = list(Runtime)
        return tuple(sorted(found, key=lambda target: (target.machine, order.index(target.runtime))))

    @property
    def here(self) -> tuple[Target, ...]:
        """Those of this machine."""
        return tuple(target for target in self.targets if not target.machine)

    def state_of(self, machine: str) -> Seen | None:
        """A machine of the fleet."""
        return next((one for one in self.machines if one.name == machine), None)

    @property
    def versions(self) -> dict[str, str]:
        """Versions of every library that an engine of this machine told of."""
        return {name: v for found in self._own() for name, v in found.versions.items()}

    def _own(self) -> list[TargetsFound]:
        """What this machine answered; engines of a fleet's end in its machines' names."""
        return [found for engine, found in self.found.items() if "@" not in engine]

    def store(self) -> Store:
        """What this machine is known for, with the engines that were found."""
        return Store({found.engine: found.versions for found in self._own()})

    def recorder(self, plan: Plan, known: tuple[Variant, ...]) -> Recorder:
        """A recorder of ``plan``, with the targets that it uses and what is known of their ceilings."""
        from app.machine.ceilings import known_ceilings
        from app.worker.recording import make_recorder

        used = {case.target for case in plan.cases}
        targets = tuple(target for target in self.targets if target.id in used)
        machines = {name: self.fleet.hosts[name] for t in targets if (name := t.machine) and self.fleet}
        recorder = make_recorder(plan, targets, self.versions, known, machines)
        for target, ceilings in known_ceilings(self.store(), targets).items():
            recorder.apply(CeilingsMeasured(target, ceilings))
        return recorder

    def find(self) -> None:
        """Ask every engine what it finds."""
        if self._idle():
            self.found = {engine: found for engine, found in self.found.items() if "@" in engine}
            self._begin(self._supervisor.find_targets, "find-targets")

    def add_fleet(self, door: Door) -> None:
        """Connect to a fleet in the place of one that was added; its machines' targets join those found."""
        if self._idle():
            self.leave_fleet()
            self._begin(lambda: self._connected(door), "add-fleet")

    def _connected(self, door: Door) -> Iterator[TargetsFound | Log]:
        from app.fleet.fleet import Fleet

        fleet = Fleet(door)
        found = list(fleet.find_targets())
        self.fleet = fleet
        yield from found

    def leave_fleet(self) -> None:
        """Forget the fleet and what is on it."""
        if self.fleet:
            self.fleet.close()
        self.fleet, self.machines = None, ()
        self._looks.stop()
        self.found = {engine: found for engine, found in self.found.items() if "@" not in engine}
        self.changed.emit()

    def _look(self) -> None:
        """See what its machines are doing; one that came is asked for its targets when nothing else runs."""
        if self.fleet is None:
            return
        now = tuple(self.fleet.machines)
        if now == self.machines:
            return
        known = {one.name for one in self.machines if one.there}
        self.machines = now
        new = {one.name for one in now if one.there} - known
        if new and self._idle():
            self._begin(self.fleet.find_targets, "find-targets")
        else:
            self.changed.emit()

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
            if self.fleet:
                self.machines = tuple(self.fleet.machines)
                self._looks.start()
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
        self._looks.stop()
        if self.fleet:
            self.fleet.close()
