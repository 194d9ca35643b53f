"""A connection to a fleet's scheduler, which is looked after in a thread, and what it tells of machines."""

import logging
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from app.core.errors import KernelscopeError
from app.fleet.agreement import agreement
from app.fleet.machines import Seen, choose, seen
from app.fleet.serving import chain, settle
from app.fleet.trust import Door

if TYPE_CHECKING:
    from distributed import Client

log = logging.getLogger(__name__)

CONNECT_SECONDS = 10.0
LOOK_SECONDS = 1.0


class Connection:
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
        self.addresses: dict[str, str] = {}
        self._closed = threading.Event()
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
        self.addresses = {str(w.get("name", "")): address for address, w in info["workers"].items()}
        self._machines = seen(info, agreement(), self._machines, self.run_id)

    def _watch(self) -> None:
        while not self._closed.wait(LOOK_SECONDS):
            try:
                if self.client.status == "running":
                    self.look()
            except Exception as error:  # whatever a connection that breaks leads to: the next look tells
                log.debug("the fleet was not seen: %s", error)

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
