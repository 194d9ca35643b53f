"""Two texts side by side: which line stands beside which, and what within a line differs."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct

Marks = tuple[tuple[int, int], ...]
"""Stretches of a line, as start and end, counted in characters from 0."""


class PairKind(StrEnum):
    """How the two sides of a pair differ; a side is missing where the other was added or removed."""

    SAME = "same"
    CHANGED = "changed"
    REMOVED = "removed"
    ADDED = "added"


class Side(Struct, frozen=True):
    """A line of one text: its number from 1, its characters, and which of them differ."""

    number: int
    text: str
    marks: Marks = ()


class Pair(Struct, frozen=True):
    """A line of the picture; ``left`` and ``right`` are None where that text has nothing beside the other."""

    kind: PairKind
    left: Side | None
    right: Side | None


ALIKE = 0.5
"""Lines with at least this share in common are one line that changed; others are removed and added."""

MOST_COMPARED = 2500
"""Pairs of lines; longer stretches of two texts that differ all along are no versions of each other."""

MOST_LINES = 10_000
"""Lines of both texts that are aligned at most; longer ones would take minutes."""

_WORDS = re.compile(r"\w+|\s+|.")


def side_by_side(left: str, right: str) -> list[Pair]:
    """Pair the lines of two texts; common lines are neighbours, changed ones stand beside what they were."""
    a, b = left.splitlines(), right.splitlines()
    if len(a) + len(b) > MOST_LINES and a != b:
        return list(_apart(a, b, (0, len(a)), (0, len(b))))
    pairs: list[Pair] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            both = zip(range(i, i_end), range(j, j_end), strict=True)
            pairs += [Pair(PairKind.SAME, Side(x + 1, a[x]), Side(y + 1, b[y])) for x, y in both]
        else:
            pairs += _changed(a, b, (i, i_end), (j, j_end))
    return pairs


def _changed(
    a: Sequence[str], b: Sequence[str], left: tuple[int, int], right: tuple[int, int]
) -> Iterator[Pair]:
    """Pair the two lines most alike, then what is before and behind them."""
    few = (left[1] - left[0]) * (right[1] - right[0]) <= MOST_COMPARED
    ratio, i, j = max(
        ((_alike(a[i], b[j]), i, j) for i in range(*left) for j in range(*right) if few),
        key=lambda found: (found[0], -abs((found[1] - left[0]) - (found[2] - right[0]))),
        default=(0.0, 0, 0),
    )
    if ratio < ALIKE:
        yield from _apart(a, b, left, right)
        return
    yield from _changed(a, b, (left[0], i), (right[0], j))
    marks = _marks(a[i], b[j])
    yield Pair(PairKind.CHANGED, Side(i + 1, a[i], marks[0]), Side(j + 1, b[j], marks[1]))
    yield from _changed(a, b, (i + 1, left[1]), (j + 1, right[1]))


def _apart(
    a: Sequence[str], b: Sequence[str], left: tuple[int, int], right: tuple[int, int]
) -> Iterator[Pair]:
    """What has nothing to do with each other, one after the other."""
    yield from (Pair(PairKind.REMOVED, Side(x + 1, a[x]), None) for x in range(*left))
    yield from (Pair(PairKind.ADDED, None, Side(y + 1, b[y])) for y in range(*right))


@lru_cache(maxsize=16384)
def _alike(a: str, b: str) -> float:
    """The share of words in common; blank lines are like nothing."""
    if not a.strip() or not b.strip():
        return 0.0
    words = SequenceMatcher(None, _WORDS.findall(a.strip()), _WORDS.findall(b.strip()), autojunk=False)
    return words.ratio() if words.real_quick_ratio() >= ALIKE <= words.quick_ratio() else 0.0


def _marks(a: str, b: str) -> tuple[Marks, Marks]:
    """What differs, word by word."""
    left, right = _WORDS.findall(a), _WORDS.findall(b)
    starts = _starts(left), _starts(right)
    found: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for tag, i, i_end, j, j_end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for marks, places, begin, end in ((found[0], starts[0], i, i_end), (found[1], starts[1], j, j_end)):
            if end > begin:
                marks.append((places[begin], places[end]))
    return tuple(found[0]), tuple(found[1])


def _starts(words: Sequence[str]) -> list[int]:
    places = [0]
    for word in words:
        places.append(places[-1] + len(word))
    return places
