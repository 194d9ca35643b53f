"""A fleet as its users see it: machines, their targets, and runs on them."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import structs

from app.catalog.request import Request
from app.core.errors import KernelscopeError, in_words
from app.core.events import AnyEvent, CeilingsMeasured, TargetsFound
from app.core.session import Host
from app.core.target import id_on
from app.fleet import machine as there
from app.fleet.connection import Connection
from app.fleet.plans import FleetPlan, merged
from app.fleet.protocol import Description, Kept, Part, decode, encode
from app.fleet.running import Running
from app.fleet.trust import Door

log = logging.getLogger(__name__)


class Fleet(Connection):
    """What its machines do for us; ``hosts`` are those that have told what they are, by name."""

    def __init__(self, door: Door, words: Iterable[str] = ()) -> None:
        super().__init__(door, words)
        self.hosts: dict[str, Host] = {}

    def find_targets(self) -> Iterator[TargetsFound]:
        """The targets of every machine that takes work, as of an engine of its own: ``webgpu@m2``."""
        for name, told in self._ask(there.describe).items():
            description = decode(told, Description)
            self.hosts[name] = description.host
            for found in description.found:
                yield structs.replace(
                    found,
                    engine=id_on(found.engine, name),
                    targets=tuple(target.on(name) for target in found.targets),
                    reason=found.reason and f"{name}: {found.reason}",
                    left_out=tuple(f"{name}: {line}" for line in found.left_out),
                    free={},
                )

    def planned(self, asked: Mapping[str, Request], say: Callable[[str], object]) -> FleetPlan:
        """What each machine makes of what is asked of it; those that cannot are said, and left out.

        Raises:
            KernelscopeError: none can.
        """
        whose = there.about()
        reasons = [f"{one.name}: {one.words}" for one in self.machines if one.name in asked and not one.there]
        alike: dict[bytes, list[str]] = {}
        for name in (one.name for one in self.machines if one.name in asked and one.there):
            alike.setdefault(encode(asked[name]), []).append(name)
        told: dict[str, bytes | Exception] = {}
        for request, names in alike.items():
            told |= self._ask_all(there.plan, names, request, encode(whose))
        reasons += [f"{name}: {in_words(one)}" for name, one in told.items() if isinstance(one, Exception)]
        for reason in reasons:
            say(f"left out: {reason}")
        parts = [decode(data, Part) for _, data in sorted(told.items()) if isinstance(data, bytes)]
        if not parts:
            why = "; ".join(reasons) or "none is there"
            raise KernelscopeError(f"no machine of the fleet runs this: {why}")
        return merged(parts)

    def all(self, request: Request) -> dict[str, Request]:
        """The same asked of every machine."""
        return {one.name: request for one in self.machines}

    def resumed(self, run: str) -> FleetPlan:
        """A run that machines remember, by how its id begins: finished groups of it are told, not run.

        Raises:
            KernelscopeError: none remembers it, or several are meant.
        """
        ids = {kept.about.run for _, own in self.runs().items() for kept in own}
        meant = [id for id in ids if id.startswith(run)]
        if len(meant) != 1:
            what = "several runs begin with" if meant else "no machine that is there remembers a run"
            raise KernelscopeError(f"{what} {run!r}; see: kernelscope fleet runs {self.door.host}")
        told = self._ask(there.part, meant[0])
        return merged([decode(told[name], Part) for name in sorted(told) if told[name]])

    def runs(self) -> dict[str, list[Kept]]:
        """What each machine remembers of its latest runs."""
        told = self._ask(there.runs)
        return {name: msgspec.json.decode(told[name], type=list[Kept]) for name in sorted(told)}

    def run(
        self, plan: FleetPlan, stop: threading.Event, ceilings: bool = True, priority: int = 0
    ) -> Iterator[AnyEvent]:
        """Run ``plan``, each machine its part; yields events until every case has its last word.

        Runs of equal ``priority`` take turns, group by group; a higher one comes first.
        """
        self.run_id = plan.about.run
        try:
            for id, known in plan.ceilings.items():
                yield CeilingsMeasured(id, known)
            yield from Running(self, plan, stop, ceilings, priority).events()
        finally:
            self.run_id = ""

    def _ask(self, question: Callable[..., Any], *arguments: object) -> dict[str, bytes]:
        """What every machine that is there answers; those that do not are left out, and logged."""
        names = [one.name for one in self.machines if one.there]
        found = {}
        for name, answer in self._ask_all(question, names, *arguments).items():
            if isinstance(answer, Exception):
                log.warning("%s did not answer: %s", name, in_words(answer))
            else:
                found[name] = answer
        return found

    def _ask_all(
        self, question: Callable[..., Any], names: Iterable[str], *arguments: object
    ) -> dict[str, bytes | Exception]:
        names = {self.addresses[name]: name for name in names if name in self.addresses}
        if not names:
            return {}
        told = self.client.run(question, *arguments, workers=list(names), on_error="return")
        return {names[address]: answer for address, answer in told.items()}
