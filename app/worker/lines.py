"""Lines from a pipe that may carry anything: none is longer than it may be, and none costs much."""

from collections.abc import Iterator
from typing import IO

TOO_LONG = b""
"""Stands for a line that was too long; of those that are not, even an empty one has its newline."""


def lines(stream: IO[bytes], longest: int) -> Iterator[bytes]:
    """Whole lines of at most ``longest`` bytes; ``TOO_LONG`` for each longer one, whatever is in it."""
    while line := stream.readline(longest):
        if line.endswith(b"\n") or len(line) < longest:
            yield line
            continue
        while (rest := stream.readline(longest)) and not rest.endswith(b"\n"):
            pass
        yield TOO_LONG


class Quota:
    """How many lines of talk are passed on between two events: a worker that floods must not fill the log."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._count = 0

    def take(self) -> bool:
        """Whether one more may pass."""
        self._count += 1
        return self._count <= self._most

    def renew(self) -> int:
        """Begin anew; how many were held back."""
        held_back, self._count = max(0, self._count - self._most), 0
        return held_back
