"""Choosing by name: comma lists, repeated options, ``all`` and glob patterns."""

from collections.abc import Callable, Iterable, Sequence
from difflib import SequenceMatcher
from fnmatch import fnmatch
from typing import TypeVar

from app.core.errors import KernelscopeError

Item = TypeVar("Item")


def split(words: Iterable[str]) -> list[str]:
    """``["a,b", "c"]`` as ``["a", "b", "c"]``."""
    return [part.strip() for word in words for part in word.split(",") if part.strip()]


MOST_NAMED = 16
"""More than these nobody reads in one line."""

NEAREST = 5


def known(names: Iterable[str], wanted: str) -> str:
    """What a message lists in the place of ``wanted``: all ``names``, or of many those most like it."""
    every = list(dict.fromkeys(names))
    if len(every) <= MOST_NAMED:
        return f"there are: {', '.join(every) or 'none'}"
    like = SequenceMatcher(b=wanted.lower(), autojunk=False)

    def likeness(name: str) -> float:
        like.set_seq1(name.lower())
        return like.ratio()

    return f"the nearest of {len(every)} are: {', '.join(sorted(every, key=likeness)[: -NEAREST - 1 : -1])}"


def select(
    items: Sequence[Item], words: Iterable[str], names: Callable[[Item], Sequence[str]], what: str
) -> list[Item]:
    """The items that any word names, in their own order; no words or ``all`` mean every item.

    A word matches one of an item's ``names`` exactly or as a glob pattern, ignoring case.

    Raises:
        KernelscopeError: a word matches nothing; the message lists what there is, or what is most like it.
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
            there = known((names(item)[0] for item in items), pattern)
            raise KernelscopeError(f"no {what} matches {pattern!r}; {there}")
        chosen |= hits
    return [item for i, item in enumerate(items) if i in chosen]
