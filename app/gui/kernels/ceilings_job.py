"""Measuring ceilings from the window: the session on screen gets them, and what is known is kept."""

from collections.abc import Callable

from msgspec import structs

from app.core.events import AnyEvent, CeilingsMeasured, CeilingsStarted
from app.core.target import Target
from app.findings.merge import same_target
from app.gui.parts.actions import Action
from app.gui.state.controller import Controller
from app.machine.ceilings import known_ceilings, measure_ceilings


class CeilingsJob:
    """``targets`` tells which ones are meant, ``say`` shows a line of a level and a text."""

    def __init__(
        self,
        controller: Controller,
        targets: Callable[[], tuple[Target, ...]],
        say: Callable[[str, str], None],
    ) -> None:
        self._controller = controller
        self._targets = targets
        self._say = say

    def start(self) -> None:
        """Measure those that are not known; all of them again when none is missing."""
        control, targets = self._controller, self._targets()
        if not targets:
            self._say("warning", "Tick at least one target.")
            return
        store = control.hardware.store()
        again = len(known_ceilings(store, targets)) == len(targets)
        labels = {target.id: target.label for target in targets}
        measured: list[str] = []

        def note(event: AnyEvent) -> str:
            if isinstance(event, CeilingsStarted):
                return f"{labels[event.target]} ({len(measured) + 1} of {len(targets)}), some seconds each"
            if isinstance(event, CeilingsMeasured):
                measured.append(labels[event.target])
                self._keep(event)
            return ""

        def end(error: str) -> None:
            if error:
                self._say("error", f"Measuring the ceilings ended early: {error}")
            elif measured:
                self._say("info", f"Ceilings known: {', '.join(measured)}. Rows and Roofline use them.")
            else:
                self._say("warning", "No ceilings were measured.")

        control.jobs.start(
            "measuring ceilings",
            lambda stop: measure_ceilings(control.supervisor, store, targets, again, stop),
            note,
            end,
        )

    def _keep(self, event: CeilingsMeasured) -> None:
        """Hold the session's results against them, if they are of the same target here."""
        control, session = self._controller, self._controller.session
        here = next((t for t in control.targets if t.id == event.target), None)
        if session is not None and here and any(same_target(here, own) for own in session.targets):
            known = {**session.ceilings, event.target: event.ceilings}
            control.amend(structs.replace(session, ceilings=known))

    def commands(self) -> list[Action]:
        """The action that starts measuring ceilings."""
        return [
            Action(
                "ceilings",
                "&Run",
                "Measure &ceilings",
                "Ctrl+L",
                "How fast the ticked targets read, copy and compute at most: some seconds each, then kept",
                self.start,
                when=lambda: not self._controller.busy,
            )
        ]
