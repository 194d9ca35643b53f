"""What instructions of x86-64 are for, by their names in Intel's syntax (Intel 64 manual, volume 2)."""

import platform
import re
from collections.abc import Callable, Sequence
from enum import Enum

from msgspec import structs

from app.core.code import Instruction, Work, hot_loop
from app.core.errors import UnsupportedError

ADVICE = "nothing here disassembles machine code: capstone does (pip install 'kernelscope[compiled]')"
Raw = tuple[int, str, str]
"""An instruction as it lies in memory: address, name, operands."""

BYTES = {"x": 16, "y": 32, "z": 64}
FUSED = re.compile(r"^vfn?m(add|sub|addsub|subadd)\d*(ps|pd|ss|sd)$")
MULTIPLY = re.compile(r"^v?mul(ps|pd|ss|sd)$")
FLOAT_SUM = re.compile(r"^v?(add|sub|hadd|dpps)(ps|pd|ss|sd)?$")
INTEGER_SUM = re.compile(r"^v?ph?(add|sub)(s|us)?[bwdq]$")
SIZES = {"ps": 4, "pd": 8, "ss": 0, "sd": 0}
"""Bytes of a lane; 0 stands for one lane alone."""

PAIRS = {"vpmaddwd": 2, "pmaddwd": 2, "vpmaddubsw": 1, "pmaddubsw": 1, "vpdpbusd": 1, "vpdpbusds": 1,
         "vpdpwssd": 2, "vpdpwssds": 2, "vpmullw": 2, "pmullw": 2, "vpmulld": 4, "pmulld": 4}  # fmt: skip
"""Integer products: the bytes of what is multiplied."""

NARROW = ("pmaddubsw", "vpmaddubsw", "pmullw", "vpmullw")
WORDWISE = ("pmaddwd", "vpmaddwd")
WHOLE = ("imul", "pmulld", "vpmulld")
"""Products of whole integers: addresses, unless there are no others."""

LITTLE = 1 / 4096
"""What such a one counts until its loop is known: less than any other."""

CONVERSIONS = re.compile(
    r"^v?(cvt|punpck|unpck|pack|pmov[sz]x|pshuf|shuf|perm|insert|extract|pinsr|pextr|blend|pblend|psr[al]|psll"
    r"|palign|movd$|movq$|broadcast|pbroadcast|movlhps|movhlps|movs[hl]dup|movddup|pand|pandn|por|pxor|round)"
)
MOVES = re.compile(
    r"^(v?mov|vp?gather|vp?scatter|vbroadcast|vpbroadcast|push|pop|v?pinsr|vinsert|vmaskmov|v?lddqu)"
)
WAITS = re.compile(r"^(pause|[lms]fence|lock|xchg$|cmpxchg)")
STACK = re.compile(r"\[r[sb]p\b")


def disassembler() -> Callable[[bytes, int], list[Raw]]:
    """What reads code that lies at an address.

    Raises:
        UnsupportedError: capstone is not installed, or this is another processor.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        raise UnsupportedError(f"machine code is read on x86-64 alone, and this is {platform.machine()}")
    try:
        import capstone
    except ImportError as error:
        raise UnsupportedError(ADVICE) from error
    made = capstone.Cs(capstone.CS_ARCH_X86, capstone.CS_MODE_64)
    made.skipdata = True
    return lambda code, address: [
        (at, name, operands) for at, _, name, operands in made.disasm_lite(code, address)
    ]


def read(raw: Sequence[Raw], lines: Sequence[int] = ()) -> tuple[tuple[Instruction, ...], tuple[int, int]]:
    """The instructions and the hot loop among them; ``lines`` are those of the text, where they are known."""
    own = [
        instruction(name, operands, line)
        for (_, name, operands), line in zip(raw, lines or [0] * len(raw), strict=True)
    ]
    index = {at: i for i, (at, _, _) in enumerate(raw)}
    back = []
    for i, (at, name, operands) in enumerate(raw):
        if name.startswith("j") and operands.startswith("0x") and int(operands, 16) <= at:
            target = index.get(int(operands, 16))
            if target is not None:
                back.append((target, i))
    low, high = hot_loop(own, back)
    for first, last, times in _fixed(own, low, high, back):
        own[first:last] = [structs.replace(one, times=times) for one in own[first:last]]
    return (*own[:low], *settled(own[low:high]), *own[high:]), (low, high)


COUNTED = re.compile(r"^cmp (\w+), (\d+|0x[0-9a-f]+)$")


def _fixed(
    own: list[Instruction], low: int, high: int, back: list[tuple[int, int]]
) -> list[tuple[int, int, int]]:
    """The loops within a loop that count up to a fixed number, as llvmpipe's do over lanes: from, to, turns.

    Loops that overlap are one: several jumps lead back from different places in it.
    """
    inner = sorted(
        (a, b + 1) for a, b in back if low <= a and b + 1 <= high and (a, b + 1) != (low, high) and a != low
    )
    merged: list[tuple[int, int]] = []
    for first, last in inner:
        if merged and first < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    found = []
    for first, last in merged:
        texts = [one.text for one in own[first:last]]
        bounds = [
            int(match[2], 0)
            for text in texts
            if (match := COUNTED.match(text)) and {f"inc {match[1]}", f"add {match[1]}, 1"} & set(texts)
        ]
        if bounds and 1 < min(bounds) <= MOST_TURNS:
            found.append((first, last, min(bounds)))
    return found


MOST_TURNS = 64
"""Turns of a loop over lanes, at most: AVX-512 has 16 of 32 bits, 64 of 8."""


def instruction(name: str, operands: str, line: int = 0) -> Instruction:
    """The instruction ``name`` with its operands in Intel's syntax."""
    text = f"{name} {operands}".strip()
    memory = "[" in operands and name != "lea"
    work, useful = _work(name, operands, memory)
    return Instruction(text, work, useful, line, bool(memory and STACK.search(operands)))


def _work(name: str, operands: str, memory: bool) -> tuple[Work, float]:
    if useful := _multiply_adds(name, operands):
        return Work.USEFUL, useful
    if FLOAT_SUM.match(name) and name.endswith(("ps", "pd", "ss", "sd")):
        return Work.USEFUL, 0.0
    if WAITS.match(name):
        return Work.WAITING, 0.0
    if memory and MOVES.match(name):
        return Work.MEMORY, 0.0
    # Clearing a register and comparing are neither.
    first = operands.split(",", maxsplit=1)[0]
    if CONVERSIONS.match(name) and not (name.endswith("xor") and operands.count(first) > 1):
        return Work.CONVERSION, 0.0
    return Work.SCALAR, 0.0


def _multiply_adds(name: str, operands: str) -> float:
    """The products of the widest register named: a fused or packed one does several at once."""
    wide = max((BYTES[letter] for letter in re.findall(r"\b([xyz])mm\d", operands)), default=0)
    if found := FUSED.match(name):
        size = SIZES[found[2]]
    elif found := MULTIPLY.match(name):
        size = SIZES[found[1]]
    elif name == "imul":
        return LITTLE
    elif name in PAIRS:
        return wide / PAIRS[name]
    else:
        return 0.0
    return wide / size if size else 1.0


def settled(instructions: list[Instruction]) -> list[Instruction]:
    """The same, with what only the neighbours tell.

    After products of bytes or words, one of words by ones adds neighbours up: it is none of the problem's.
    Beside more packed integer products, those of floats are scales; beside products of floats, whole integers
    are addresses. Where the problem multiplies integers, their sums are its own.
    """
    names = [one.text.split(" ", 1)[0] for one in instructions]
    narrow = any(name in NARROW for name in names)
    kinds = [_kind(one, name, narrow) for one, name in zip(instructions, names, strict=True)]
    sums = {
        kind: sum(one.useful for one, own in zip(instructions, kinds, strict=True) if own is kind)
        for kind in Kind
    }
    packed = sums[Kind.PACKED] > sums[Kind.FLOAT]
    whole = not sums[Kind.PACKED] and not sums[Kind.FLOAT]
    integers = packed or whole
    found = []
    for one, name, kind in zip(instructions, names, kinds, strict=True):
        work, useful = one.work, one.useful
        if kind is Kind.SUM:
            useful = 0.0
        elif kind is Kind.FLOAT and packed:
            work, useful = Work.CONVERSION, 0.0
        elif kind is Kind.WHOLE:
            work, useful = (Work.USEFUL, max(1.0, useful)) if whole else (Work.SCALAR, 0.0)
        elif integers and INTEGER_SUM.match(name):
            work = Work.USEFUL
        found.append(structs.replace(one, work=work, useful=useful))
    return found


class Kind(Enum):
    """Whose product it is."""

    NONE = 0
    FLOAT = 1
    PACKED = 2
    WHOLE = 3
    SUM = 4


def _kind(one: Instruction, name: str, narrow: bool) -> Kind:
    if not one.useful:
        return Kind.NONE
    if name in WHOLE:
        return Kind.WHOLE
    if name in PAIRS:
        return Kind.SUM if narrow and name in WORDWISE else Kind.PACKED
    return Kind.FLOAT
