"""The door of the page's server, chosen by the parent so that a fresh worker opens the same one.

Who opens a browser takes a *ticket*, an address that answers once and sends its page on to a *seat*, where
the page stays. Both follow from the door's key, which only the worker is told, so a fresh one knows them.
"""

import secrets
import socket
from base64 import urlsafe_b64encode
from hmac import compare_digest, digest

from msgspec import Struct, structs

VARIABLE = "KERNELSCOPE_BROWSER_DOOR"
"""How a worker is told: its environment is private to the user, its command line is not."""

NUMBER_BYTES = 12
NUMBER = NUMBER_BYTES * 4 // 3
"""Characters of the part of tickets and seats that tells them apart; the rest proves that they are ours."""


class Door(Struct, frozen=True):
    """A port on loopback, the key without which nobody is let in, and the tickets that no longer do."""

    port: int
    key: str
    spent: tuple[str, ...] = ()

    @classmethod
    def choose(cls) -> "Door":
        """A free port and a new key."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            return cls(probe.getsockname()[1], secrets.token_urlsafe(24))

    @classmethod
    def parse(cls, text: str) -> "Door":
        """What ``str`` gave."""
        port, key, *spent = text.split(" ")
        return cls(int(port), key, tuple(spent))

    def __str__(self) -> str:
        return " ".join((str(self.port), self.key, *self.spent))

    def ticket(self) -> str:
        """A new address to open in a browser, once."""
        number = urlsafe_b64encode(secrets.token_bytes(NUMBER_BYTES)).decode()
        return f"http://127.0.0.1:{self.port}/{self._word('ticket', number)}/"

    def admits(self, word: str) -> bool:
        """Whether ``word`` is that of a ticket which is not spent."""
        return self._is("ticket", word) and word[:NUMBER] not in self.spent

    def seats(self, word: str) -> bool:
        """Whether ``word`` is that of a seat."""
        return self._is("seat", word)

    def seat(self, word: str) -> str:
        """The word of the seat that the ticket ``word`` is for."""
        return self._word("seat", word[:NUMBER])

    def without(self, word: str) -> "Door":
        """This door, the ticket ``word`` spent."""
        return structs.replace(self, spent=tuple({**dict.fromkeys(self.spent), word[:NUMBER]: None}))

    def _is(self, kind: str, word: str) -> bool:
        own = self._word(kind, word[:NUMBER])
        return compare_digest(own.encode(errors="replace"), word.encode(errors="replace"))

    def _word(self, kind: str, number: str) -> str:
        proof = digest(self.key.encode(), f"{kind} {number}".encode(errors="replace"), "sha256")
        return number + urlsafe_b64encode(proof[:24]).decode()


def word_of(address: str) -> str:
    """The ticket's word in its address."""
    return address.rstrip("/").rpartition("/")[2]
