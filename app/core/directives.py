"""The directives at the head of a WGSL text: what it switches on, and what one compiler wants of them."""

import re
from collections.abc import Iterator

from msgspec import Struct

_BEGINS = re.compile(r"//[^\n]*|/\*")
_WITHIN = re.compile(r"/\*|\*/")
_DIRECTIVE = re.compile(r"\s*(enable|requires|diagnostic)\b([^;]*);")
_SUBGROUPS = re.compile(
    r"\b(?:subgroup[A-Z]\w*|quad(?:Broadcast|Swap[XYD]\w*))\s*\("
    r"|@\s*builtin\s*\(\s*(?:subgroup_\w+|num_subgroups)\s*\)"
)
FEATURES = {
    "subgroups": ("subgroups",),
    "f16": ("shader-f16",),
    "subgroups_f16": ("subgroups", "shader-f16"),  # what Chrome called both together until 134
}
"""The features of an adapter behind what is enabled."""

UNKNOWN_TO_NAGA = (
    ("enable", "subgroups"),
    ("enable", "subgroups_f16"),
    ("requires", "subgroup_id"),
    ("requires", "subgroup_uniformity"),
)
"""What browsers want to be told and naga refuses, for it has the features without."""

UNKNOWN_TO_BROWSERS = (("enable", "subgroups_f16"),)
"""An older spelling that none takes any more."""


class Name(Struct, frozen=True):
    """A name in a directive of kind ``enable`` or ``requires``, and where it stands in the text."""

    kind: str
    name: str
    start: int


def bare(text: str) -> str:
    """``text`` with blanks for its comments, which nest: every line and column as it was."""
    kept, at, depth = [], 0, 0
    while found := (_WITHIN if depth else _BEGINS).search(text, at):
        before = text[at : found.start()]
        kept += [_blank(before) if depth else before, _blank(found[0])]
        depth += {"/*": 1, "*/": -1}.get(found[0], 0)
        at = found.end()
    return "".join([*kept, _blank(text[at:]) if depth else text[at:]])


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def named(text: str) -> Iterator[Name]:
    """What the directives of ``text`` name, in their order; comments and later lines name nothing."""
    code, at = bare(text), 0
    while found := _DIRECTIVE.match(code, at):
        if found[1] != "diagnostic":
            for word in re.finditer(r"\w+", found[2]):
                yield Name(found[1], word[0], found.start(2) + word.start())
        at = found.end()


def needed(text: str) -> tuple[str, ...]:
    """The adapter's features that ``text`` uses: those it enables; and subgroups, enabled or not."""
    names = [one.name for one in named(text) if one.kind == "enable" and one.name in FEATURES]
    enabled = [feature for name in names for feature in FEATURES[name]]
    used = ["subgroups"] if _SUBGROUPS.search(bare(text)) else []
    return tuple(dict.fromkeys((*enabled, *used)))


def without_enabling(text: str, name: str, kind: str = "enable") -> str:
    """``text`` that does not enable ``name``, with blanks in its place: every line and column as it was.

    With another ``kind``, ``requires``, it does not require it.
    """
    for one in [one for one in named(text) if (one.kind, one.name) == (kind, name)]:
        end = one.start + len(name)
        start = text.rindex(kind, 0, one.start)
        stop = text.index(";", end)
        others = [n for n in named(text) if start < n.start < stop and n.start != one.start]
        if not others:
            return without_enabling(
                f"{text[:start]}{_blank(text[start : stop + 1])}{text[stop + 1 :]}", name, kind
            )
        comma = text.find(",", end, stop)
        if comma < 0:
            comma = text.rindex(",", start, one.start)
        letters = list(text)
        letters[one.start : end] = " " * len(name)
        letters[comma] = " "
        return without_enabling("".join(letters), name, kind)
    return text
