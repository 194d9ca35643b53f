"""The machines of a fleet as whoever asks sees them: ready, queued, running, lost or refused."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from typing import Any

import msgspec
from msgspec import Struct

from app.core.foreign import as_line
from app.core.selection import select
from app.fleet.agreement import Agreement
from app.fleet.protocol import METRIC, State


class Standing(StrEnum):
    """What a machine does for us."""

    READY = "ready"
    QUEUED = "queued"
    RUNNING = "running"
    HELD = "held"
    LOST = "lost"
    REFUSED = "refused"


class Seen(Struct, frozen=True):
    """A machine as it was last heard of; ``words`` say it: ``queued behind 2``."""

    name: str
    standing: Standing
    words: str
    targets: tuple[str, ...] = ()
    version: str = ""
    edits: bool = False

    @property
    def there(self) -> bool:
        """Whether it takes work."""
        return self.standing not in (Standing.LOST, Standing.REFUSED)


def seen(info: Mapping[str, Any], ours: Agreement, before: Iterable[Seen] = (), run: str = "") -> list[Seen]:
    """The machines that a scheduler knows, by name; those of ``before`` that it does not are lost.

    ``run`` is ours: where other runs come first, it is queued behind them.
    """
    found = {}
    for worker in info.get("workers", {}).values():
        one = _seen(str(worker.get("name", "")), (worker.get("metrics") or {}).get(METRIC), ours, run)
        found[one.name] = one
    for one in before:
        if one.name not in found:
            found[one.name] = Seen(one.name, Standing.LOST, "lost", one.targets, one.version, one.edits)
    return [found[name] for name in sorted(found)]


def _seen(name: str, told: object, ours: Agreement, run: str) -> Seen:
    name = as_line(name)
    state = None
    with suppress(msgspec.DecodeError, TypeError):
        state = msgspec.json.decode(told, type=State) if isinstance(told, str) else None
    if state is None:
        return Seen(name, Standing.REFUSED, "refused: not started by kernelscope fleet worker")
    rest = (tuple(map(as_line, state.targets)), as_line(state.agreement.version), state.edits)
    if why := ours.why_not(state.agreement):
        return Seen(name, Standing.REFUSED, as_line(f"refused: {why}"), *rest)
    if run and state.running == run:
        return Seen(name, Standing.RUNNING, "running", *rest)
    if state.held:
        return Seen(name, Standing.HELD, as_line(state.held), *rest)
    others = [queued for queued in state.queue if queued.run != run]
    if not others:
        return Seen(name, Standing.READY, "ready", *rest)
    whose = as_line(", ".join(dict.fromkeys(queued.who for queued in others)))
    if run and any(queued.run == run for queued in state.queue):
        return Seen(name, Standing.QUEUED, f"queued behind {len(others)} ({whose})", *rest)
    return Seen(name, Standing.QUEUED, f"busy with {len(others)} ({whose})", *rest)


def choose(machines: Iterable[Seen], words: Iterable[str]) -> list[Seen]:
    """Those that ``words`` name.

    Raises:
        KernelscopeError: a word matches none.
    """
    return select(list(machines), words, lambda one: (one.name,), "machine")
