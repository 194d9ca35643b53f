"""Runs from the window on the machines of a fleet, beside what runs here."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs
from PySide6.QtCore import QObject, Signal

from app.catalog.request import Request
from app.core.plan import Plan
from app.fleet.plans import FleetPlan
from app.fleet.together import Source, together
from app.gui.parts.background import Background

if TYPE_CHECKING:
    from app.fleet.fleet import Fleet


class FleetRuns(QObject):
    """``planning`` while machines are asked what they make of a request; ``changed`` when that changes.

    ``said`` carries what the user should know, as a level and a line.
    """

    changed = Signal()
    said = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.planning = False
        self._background = Background("fleet", self)
        self._background.failed.connect(self._on_failed)

    def ask(
        self,
        fleet: "Fleet",
        asked: Mapping[str, Request],
        own: Plan | None,
        local: Callable[[Plan], Source],
        then: Callable[[Plan, Source], object],
    ) -> None:
        """Have machines plan, then call ``then`` with the plan of all and what starts it.

        ``own`` are the cases of this machine, if there are any, which ``local`` says how to start.
        """
        lines: list[str] = []

        def ready(plan: FleetPlan) -> None:
            self.planning = False
            for line in lines:
                self._say("warning", line)
            cases = (*(own.cases if own else ()), *plan.plan.cases)
            sources: list[tuple[int, Source]] = [(0, local(own))] if own else []
            sources.append((len(cases) - len(plan.plan.cases), lambda stop: fleet.run(plan, stop)))
            then(structs.replace(plan.plan, cases=cases), partial(together, sources))

        self.planning = True
        self._background.ask(lambda: fleet.planned(asked, lines.append), ready)
        self.changed.emit()

    def _on_failed(self, line: str) -> None:
        self.planning = False
        self._say("error", line)
        self.changed.emit()

    def _say(self, level: str, line: str) -> None:
        self.said.emit(level, f"{line[:1].upper()}{line[1:]}.")

    def close(self) -> None:
        """Let the thread go."""
        self._background.close()
