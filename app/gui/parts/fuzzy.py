"""Fuzzy search: the letters typed, in order, with gaps; beginnings of words and runs of letters win."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")


def score(typed: str, text: str) -> float | None:
    """How well ``text`` answers what was typed, higher is better; None when it lacks a letter of it.

    Each word typed is looked for by itself, so their order does not matter.
    """
    words = typed.lower().split()
    found = [_word(word, text.lower()) for word in words]
    if any(part is None for part in found):
        return None
    return sum(part or 0.0 for part in found) - 0.01 * len(text)


def _word(word: str, text: str) -> float | None:
    """The best over all places where the first letter could be."""
    starts = [i for i, letter in enumerate(text) if letter == word[0]]
    return max((s for start in starts if (s := _from(word, text, start)) is not None), default=None)


def _from(word: str, text: str, start: int) -> float | None:
    total, last = 0.0, start - 1
    for letter in word:
        place = text.find(letter, last + 1)
        if place < 0:
            return None
        if place == last + 1:
            total += 2.0
        if place == 0 or not text[place - 1].isalnum():
            total += 3.0
        total -= 0.1 * (place - last - 1)
        last = place
    return total


def best(typed: str, items: Iterable[Item], text: Callable[[Item], str]) -> list[Item]:
    """The items that answer, the best first; all in their own order while nothing is typed."""
    if not typed.strip():
        return list(items)
    scored = [(found, item) for item in items if (found := score(typed, text(item))) is not None]
    return [item for _, item in sorted(scored, key=lambda pair: -pair[0])]
