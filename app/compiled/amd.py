"""AMD's assembly, as Mesa's driver prints it: what instructions are for, and where the hot loop is.

The names are those of AMD's manuals of the instruction sets "Vega", "RDNA 2", "RDNA 3" and "RDNA 4".
"""

import re

from msgspec import structs

from app.core.code import Instruction, Work, hot_loop

LABEL = re.compile(r"^(BB\d+):?$")
BRANCH = re.compile(r"^s_c?branch\w*\s+(?:block:)?(BB\d+)")
RESULT = re.compile(r"^[sv]\d+\S*: .*? = ")
"""What stands before an instruction where Mesa cannot disassemble and prints its own form."""

WAITS = re.compile(r"^s_(wait|nop|sleep|delay|clause|barrier|inst_prefetch)")
MEMORY = re.compile(r"^(buffer|global|flat|scratch|ds|image|tbuffer)_|^s_(buffer_)?(load|store)")
PRODUCT = re.compile(r"^v_(?:dual_)?(pk_)?(fma|fmac|fmaak|fmamk|mac|mad|mul|dot(\d))")
FLOAT_SUM = re.compile(r"^v_(dual_)?(pk_)?(add|sub|subrev|max|min)_(f16|f32|f64)")
INTEGER_SUM = re.compile(r"^v_(add3?|add_co|sub|sub_co|subrev|add_nc|sub_nc|xad|pk_add)_(u|i)")
CONVERSION = re.compile(
    r"^v_(cvt|bfe|bfi|perm|pack|alignb|lshrrev|ashrrev|and_b|and_or|sad|pk_l|pk_a|readlane|writelane|permlane|lerp)"
    r"|^ds_(bpermute|permute|swizzle)"
)
WIDE = re.compile(r"^v_(mul_(lo|hi)_[ui]32|mad_[ui]64|mul_hi)")
"""Products of whole words: addresses, unless a loop has no others, as where signed bytes are emulated."""

SCALES = 4
"""So many more products of integers than of floats make these scales."""

LITTLE = 1 / 4096
"""What such a one counts until its loop is known: less than any other."""

ONE = re.compile(r"^v_\w*(fma|mad)\S* [^,]+,(.*,)? 1\.0,")
"""A product with one is a sum: how floats of two widths are added up."""

NARROW = re.compile(r"^v_(mad|mul)_(u|i)(32_[ui](24|16)|16|24)|^v_(mad|mul)_[ui]32_[ui]24|^v_mul_lo_[ui]16")
"""Products of parts of words: how packed products are spelt out where there is no instruction for them."""


def read(assembly: str) -> tuple[tuple[Instruction, ...], tuple[int, int]]:
    """The instructions of ``assembly``, and its hot loop as ``hot_loop`` tells it."""
    texts: list[str] = []
    at: dict[str, int] = {}
    back: list[tuple[int, int]] = []
    for line in map(str.strip, assembly.splitlines()):
        if found := LABEL.match(line):
            at[found[1]] = len(texts)
        elif code := RESULT.sub("", line.split(";")[0]).strip():
            if (found := BRANCH.match(code)) and found[1] in at:
                back.append((at[found[1]], len(texts)))
            texts.append(" ".join(code.split()))
    own = [_instruction(text) for text in texts]
    low, high = hot_loop(own, back)
    return (*own[:low], *_settled(own[low:high]), *own[high:]), (low, high)


def _instruction(text: str) -> Instruction:
    """Of two in one (RDNA 3's pairs) what both do together."""
    parts = [_work(part.strip()) for part in text.split(" :: ")]
    useful = sum(part[1] for part in parts)
    return Instruction(text, parts[0][0], useful, spills=text.startswith("scratch_"))


def _work(text: str) -> tuple[Work, float]:
    if WAITS.match(text):
        return Work.WAITING, 0.0
    if CONVERSION.match(text):
        return Work.CONVERSION, 0.0
    if MEMORY.match(text):
        return Work.MEMORY, 0.0
    if WIDE.match(text):
        return Work.SCALAR, LITTLE
    if found := PRODUCT.match(text):
        if ONE.search(text):
            return Work.USEFUL, 0.0
        return Work.USEFUL, float(found[3] or (2 if found[1] else 1))
    if FLOAT_SUM.match(text):
        return Work.USEFUL, 0.0
    if text.startswith("v_") and "sdwa" in text:
        return Work.CONVERSION, 0.0
    return Work.SCALAR, 0.0


def _settled(body: list[Instruction]) -> list[Instruction]:
    """The same, with what only the loop tells: beside products of floats, those of integers are addresses;
    beside packed ones, those of floats are scales.

    Where there are none, integer sums are the problem's own; so are products of whole words without others.
    """
    narrow = [bool(NARROW.match(one.text)) for one in body]
    packed = any("_dot" in one.text for one in body)
    wide = [bool(WIDE.match(one.text)) for one in body]
    floats = sum(
        one.useful
        for one, *odd in zip(body, narrow, wide, strict=True)
        if not any(odd) and "_dot" not in one.text
    )
    integers = not packed and sum(narrow) + sum(wide) > SCALES * floats
    whole = integers and not any(narrow)
    found = []
    for instruction, small, large in zip(body, narrow, wide, strict=True):
        one = instruction
        if (packed or integers) and one.useful >= 1 and not small and "_dot" not in one.text:
            one = structs.replace(one, work=Work.CONVERSION, useful=0.0)  # by scales
        elif small and not integers:
            one = structs.replace(one, work=Work.SCALAR, useful=0.0)
        elif large:
            one = structs.replace(
                one, work=Work.USEFUL if whole else Work.SCALAR, useful=1.0 if whole else 0.0
            )
        elif integers and INTEGER_SUM.match(one.text):
            one = structs.replace(one, work=Work.USEFUL)
        found.append(one)
    return found
