"""Jobs: work beside runs that needs the supervisor for itself, such as measuring ceilings or tuning."""

from collections.abc import Callable, Iterable
from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.events import AnyEvent, Log, Waiting
from app.gui.parts.feed import Feed

TICK_MS = 100


class JobProgress:
    """A job says itself how far it is: nobody knows how many steps there will be."""

    cases = finished = 0

    def __init__(self, title: str) -> None:
        self._title = title
        self.step = "starting"

    @property
    def text(self) -> str:
        """One line for the status bar."""
        return f"{self._title} · {self.step}"


class Jobs(QObject):
    """One at a time. ``changed`` when one begins or ends, ``progressed`` with a line about it meanwhile."""

    changed = Signal()
    progressed = Signal(object)
    logged = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._feed: Feed[AnyEvent] | None = None
        self._progress = JobProgress("")
        self._on_event: Callable[[AnyEvent], str] = lambda _: ""
        self._on_end: Callable[[str], None] = lambda _: None
        self._stop = Event()
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self._feed is not None

    def start(
        self,
        title: str,
        source: Callable[[Event], Iterable[AnyEvent]],
        on_event: Callable[[AnyEvent], str],
        on_end: Callable[[str], None],
    ) -> None:
        """Begin; ``on_event`` gives the step to show, if it is a new one; ``on_end`` the error.

        ``source`` is given what is set when it shall end.
        """
        assert not self.running
        self._progress = JobProgress(title)
        self._on_event, self._on_end = on_event, on_end
        self._stop = stop = Event()
        self._feed = Feed(lambda: source(stop), "job")
        self._timer.start()
        self.changed.emit()
        self.progressed.emit(self._progress)

    def stop(self) -> None:
        """Ask the one under way to end, even if it has not begun."""
        self._stop.set()
        self._progress.step = "stopping"

    def _tick(self) -> None:
        feed = self._feed
        if feed is None:
            return
        done = feed.done
        for event in feed.take():
            if isinstance(event, Log):
                self.logged.emit(event.level, event.text)
            step = event.words if isinstance(event, Waiting) else self._on_event(event)
            self._progress.step = step or self._progress.step
        self.progressed.emit(self._progress)
        if done:
            self._feed = None
            self._timer.stop()
            self._on_end(feed.error)
            self.changed.emit()

    def close(self) -> None:
        """End the one under way, and look no more at what may still come."""
        self._stop.set()
        self._timer.stop()
        self._feed = None
