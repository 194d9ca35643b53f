"""Choosing by name: comma lists, repeated options, ``all`` and glob patterns."""

from collections.abc import Callable, Iterable, Sequence
from fnmatch import fnmatch
from typing import TypeVar

from app.core.errors import KernelscopeError

Item = TypeVar("Item")


def split(words: Iterable[str]) -> list[str]:
    """``["a,b", "c"]`` as ``["a", "b", "c"]``."""
    return [part.strip() for word in words for part in word.split(",") if part.strip()]


def select(
    items: Sequence[Item], words: Iterable[str], names: Callable[[Item], Sequence[str]], what: str
) -> list[Item]:
    """The items that any word names, in their own order; no words or ``all`` mean every item.

    A word matches one of an item's ``names`` exactly or as a glob pattern, ignoring case.

    Raises:
        KernelscopeError: a word matches nothing; the message lists what there is.
    """
    patterns = split(words)
    if not patterns or "all" in patterns:
        return list(items)
    chosen: set[int] = set()
    for pattern in patterns:
        hits = {
            i
            for i, item in enumerate(items)
            if any(fnmatch(name.lower(), pattern.lower()) for name in names(item))
        }
        if not hits:
            known = ", ".join(dict.fromkeys(names(item)[0] for item in items)) or "none"
            raise KernelscopeError(f"no {what} matches {pattern!r}; there are: {known}")
        chosen |= hits
    return [item for i, item in enumerate(items) if i in chosen]
