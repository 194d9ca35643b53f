"""A fleet as its users see it: machines, their targets, and runs on them."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from app.catalog.request import Request
from app.core.errors import KernelscopeError, in_words
from app.core.events import AnyEvent, CeilingsMeasured, TargetsFound
from app.core.target import id_on
from app.fleet import machine as there
from app.fleet.agreement import agreement
from app.fleet.machines import Seen, choose, seen
from app.fleet.plans import FleetPlan, merged
from app.fleet.protocol import Description, Kept, Part, decode, encode
from app.fleet.running import Running
from app.fleet.serving import chain, settle
from app.fleet.trust import Door

if TYPE_CHECKING:
    from distributed import Client

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 1.0
ASK_SECONDS = 60.0


class Fleet:
    """A connection to a scheduler, which is looked after in a thread; ``words`` choose machines by name.

    Raises:
        KernelscopeError: nobody answers there, the keys are refused, or the extra is missing.
    """

    def __init__(self, door: Door, words: Iterable[str] = ()) -> None:
        settle()
        self.door = door
        self.run_id = ""
        """The run that is ours now: machines say whether it is measured or waits."""
        self._words = tuple(words)
        self._machines: list[Seen] = []
        self._addresses: dict[str, str] = {}
        self._closed = threading.Event()
        self.descriptions: dict[str, Description] = {}
        self.client = self.connect(CONNECT_SECONDS)
        self.look()
        choose(self._machines, self._words)
        threading.Thread(target=self._watch, name="fleet", daemon=True).start()

    def connect(self, seconds: float) -> "Client":
        """A new connection.

        Raises:
            KernelscopeError: as the class.
        """
        from distributed import Client

        try:
            return Client(
                self.door.address,
                security=self.door.security(),
                timeout=seconds,
                set_as_default=False,
                name="kernelscope",
                heartbeat_interval=2000,
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise KernelscopeError(_why(self.door, error)) from error

    @property
    def machines(self) -> list[Seen]:
        """The machines that were chosen, as they were last heard of."""
        machines = self._machines
        with suppress(KernelscopeError):
            return choose(machines, self._words)
        return []

    def look(self) -> None:
        """Ask the scheduler for its machines now."""
        info = self.client.scheduler_info(n_workers=-1)
        self._addresses = {str(w.get("name", "")): address for address, w in info["workers"].items()}
        self._machines = seen(info, agreement(), self._machines, self.run_id)

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                if self.client.status == "running":
                    self.look()
            except Exception as error:  # whatever a connection that breaks leads to: the next look tells
                log.debug("the fleet was not seen: %s", error)

    def find_targets(self) -> Iterator[TargetsFound]:
        """The targets of every machine that takes work, as of an engine of its own: ``webgpu@m2``."""
        for name, told in self._ask(there.describe).items():
            description = decode(told, Description)
            for found in description.found:
                yield structs.replace(
                    found,
                    engine=id_on(found.engine, name),
                    targets=tuple(target.on(name) for target in found.targets),
                    reason=found.reason and f"{name}: {found.reason}",
                    left_out=tuple(f"{name}: {line}" for line in found.left_out),
                    free={},
                )
            self.descriptions[name] = description

    def planned(self, request: Request | Mapping[str, Request], say: Callable[[str], object]) -> FleetPlan:
        """What machines make of ``request``, or each of its own; those that cannot are said, and left out.

        Raises:
            KernelscopeError: none can.
        """
        whose = there.about()
        names = [one.name for one in self.machines if one.there]
        asked = request if isinstance(request, Mapping) else dict.fromkeys(names, request)
        for one in self.machines:
            if not one.there and one.name in (asked if isinstance(request, Mapping) else {one.name}):
                say(f"left out: {one.name}: {one.words}")
        told: dict[str, bytes | Exception] = {}
        if isinstance(request, Mapping):
            for name, own in asked.items():
                told |= self._ask_all(there.plan, [name], encode(own), encode(whose))
        elif names:
            told = self._ask_all(there.plan, names, encode(request), encode(whose))
        parts = []
        reasons = []
        for name in sorted(told):
            answer = told[name]
            if isinstance(answer, Exception):
                reasons.append(f"{name}: {in_words(answer)}")
                say(f"left out: {reasons[-1]}")
            else:
                parts.append(decode(answer, Part))
        if not parts:
            raise KernelscopeError(
                "no machine of the fleet runs this: " + ("; ".join(reasons) or "none is there")
            )
        return merged(parts)

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
        names = {self._addresses[name]: name for name in names if name in self._addresses}
        if not names:
            return {}
        told = self.client.run(question, *arguments, workers=list(names), on_error="return")
        return {names[address]: answer for address, answer in told.items()}

    def close(self) -> None:
        """Go; what is still under way is stopped on its machines."""
        self._closed.set()
        threading.Thread(target=_close, args=(self.client,), daemon=True).start()

    def reconnect(self, stop: threading.Event, seconds: float) -> bool:
        """Connect anew, for so long at most; whether that came about before ``stop``."""
        threading.Thread(target=_close, args=(self.client,), daemon=True).start()
        deadline = time.monotonic() + seconds
        while not stop.is_set() and time.monotonic() < deadline:
            try:
                self.client = self.connect(1.0)
            except KernelscopeError as error:
                log.info("%s", error)
                stop.wait(0.5)
                continue
            return True
        return False


def _close(client: "Client") -> None:
    with suppress(Exception):
        client.close(timeout=1)


def _why(door: Door, error: BaseException) -> str:
    """Why nobody lets us in, in one line."""
    words = chain(error)
    if "certificate" in words.lower() or "ssl" in words.lower():
        return f"{door.address} refuses these keys, or is no scheduler of this fleet"
    return f"no scheduler answers at {door.address}: start one by kernelscope fleet scheduler"
