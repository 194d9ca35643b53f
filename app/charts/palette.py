"""The palette: which colour and which marker a variant has, whatever else is shown with it.

A colour says what a kernel computes with, a marker how it goes about it. Of weights in 4 bits the colour is
the format's, and the arithmetic has a marker. The colours were searched for so that any two can be told apart
by normal eyes and by those without red or green cones; ``tests/charts/test_palette.py`` computes it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

INKS: dict[str, tuple[str, str]] = {
    "f32": ("#000000", "#ffffff"),
    "f16": ("#3c69d2", "#2d87ff"),
    "u8-dot4": ("#0f781e", "#5a964b"),
    "u8": ("#b48700", "#e1a500"),
    "f32-simd": ("#870f78", "#a569a5"),
    "f32-relaxed": ("#d25a5a", "#ff8787"),
    "f16-storage": ("#2d96d2", "#78d2ff"),
    "i8-relaxed": ("#f02d87", "#c37887"),
    "f32-relaxed+rows": ("#008787", "#3cd2c3"),
    "f32-scalar": ("#2d4b00", "#c3f078"),
    "f32-naive": ("#3c9687", "#a5e1c3"),
    "i8-dot": ("#963c4b", "#e178a5"),
    "i8-scalar": ("#0087a5", "#96f0ff"),
    "f16-native": ("#4b00ff", "#96a5d2"),
    "i7-relaxed": ("#781e4b", "#a55a69"),
    "f16-sum16": ("#d22d2d", "#ff4b4b"),
    "u8-f16": ("#3c4ba5", "#69a5ff"),
    "i8-dot4": ("#1e4b2d", "#00870f"),
    "i8-extmul": ("#3c00c3", "#785ad2"),
    "bf16-storage": ("#3c874b", "#69ffb4"),
    "f16-cooperative": ("#0f6969", "#3c7887"),
    "i8-cooperative": ("#a53c69", "#d22d87"),
    "i8-storage": ("#00005a", "#ffff3c"),
    "q4f16_1": ("#5a78ff", "#87a5b4"),
    "nbits": ("#3c1e00", "#ffd22d"),
    "q4_0": ("#966969", "#d23c0f"),
    "q4_k": ("#00002d", "#69c396"),
}
"""The colour of each arithmetic and of each 4-bit format on light and on dark ground."""

LIGHT_INKS = tuple(light for light, _ in INKS.values())
DARK_INKS = tuple(dark for _, dark in INKS.values())

HOWS = (
    "",
    "tile",
    "subgroup",
    "shared",
    "coalesced",
    "rowwise",
    "splitk",
    "swizzle",
    "unchecked",
    "threads",
    "rows",
    "memory64",
    "memory64-high",
    "relaxed",
    "f16",
    "channels",
    "simd",
    "i8-relaxed",
    "dot4",
    "blocks",
)
"""Techniques in the order of their markers."""


@dataclass(frozen=True)
class Ink:
    """The place of a colour in ``INKS``, and the number of a marker: 0 is the plain form."""

    colour: int
    marker: int


def inks(variants: Iterable[str]) -> dict[str, Ink]:
    """The ink of each of these; what the palette does not know has the colours in turn."""
    places = {name: i for i, name in enumerate(INKS)}
    found: dict[str, Ink] = {}
    strangers = 0
    for name in variants:
        if stem := _stem(name):
            found[name] = Ink(places[stem], _marker(name[len(stem) :]))
        else:
            found[name] = Ink(strangers % len(INKS), strangers // len(INKS))
            strangers += 1
    return found


def type_of(name: str) -> str:
    """The arithmetic that a variant is of: ``f32-relaxed`` of ``f32-relaxed+rows``."""
    return (_stem(name) or name).partition("+")[0]


def _stem(name: str) -> str:
    """The longest beginning, at a border between its parts, that has a colour."""
    ends = [len(name), *(part.start() for part in re.finditer(r"[-+ (,]", name))]
    return next((name[:end] for end in sorted(ends, reverse=True) if name[:end] in INKS), "")


def _marker(how: str) -> int:
    """Numbers of several techniques add up; words of a user's own count by their letters."""
    parts = [part for part in re.split(r"[+ ]|^-", how) if part]
    return sum(HOWS.index(part) if part in HOWS else sum(part.encode()) for part in parts)
