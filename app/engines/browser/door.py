"""The door of the page's server, chosen by the parent so that a fresh worker opens the same one."""

import secrets
import socket

from msgspec import Struct

VARIABLE = "KERNELSCOPE_BROWSER_DOOR"
"""How a worker is told: its environment is private to the user, its command line is not."""


class Door(Struct, frozen=True):
    """A port on loopback, and the token without which nobody is let in."""

    port: int
    token: str

    @classmethod
    def choose(cls) -> "Door":
        """A free port and a new token."""
        with socket.create_server(("127.0.0.1", 0)) as probe:
            return cls(probe.getsockname()[1], secrets.token_urlsafe(24))

    @classmethod
    def parse(cls, text: str) -> "Door":
        """What ``str`` gave."""
        port, token = text.split(" ")
        return cls(int(port), token)

    def __str__(self) -> str:
        return f"{self.port} {self.token}"

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://127.0.0.1:{self.port}/{self.token}/"
