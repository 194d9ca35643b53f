"""wasmtime's machine code of a module, each instruction beside its line of the text."""

import struct
from bisect import bisect_right

import wasmtime

from app.compiled.wat import lines_of
from app.compiled.x86 import Raw, disassembler, read
from app.core.code import Code
from app.core.errors import UnsupportedError
from app.core.variant import Parameters
from app.engines.wasm.assemble import assemble
from app.engines.wasm.leb import Reader
from app.engines.wasmtime.compile import configuration_for, engine_for
from app.engines.wasmtime.elf import UNREADABLE, Function, functions, sections

KNOWN = {
    "vaddps": (b"\xfd\xe4\x01",),
    "vsubps": (b"\xfd\xe5\x01",),
    "vmulps": (b"\xfd\xe6\x01",),
    "vaddss": (b"\x92",),
    "vsubss": (b"\x93",),
    "vmulss": (b"\x94",),
    "vfmadd213ps": (b"\xfd\x85\x02",),
    "vfmadd231ps": (b"\xfd\x85\x02",),
    "vpmaddubsw": (b"\xfd\x92\x02", b"\xfd\x93\x02"),
}
"""What each can only come from (WebAssembly Core Specification 5.4): the map is held against them."""

NO_MAP = "wasmtime's map of addresses does not fit these opcodes, so no lines are shown"
NO_TEXT = "the text does not fit the binary's opcodes, so no lines are shown"


def codes(source: str, parameters: Parameters) -> tuple[Code, ...]:
    """The functions of the module that a text becomes, in the order of the text.

    Raises:
        KernelError: it does not compile.
        UnsupportedError: nothing here reads machine code.
    """
    disassemble = disassembler()
    binary = assemble(source)
    module = wasmtime.Module(engine_for(configuration_for(parameters)), binary)
    try:
        found = sections(bytes(module.serialize()))
        own = functions(found)
    except (*UNREADABLE, KeyError, IndexError) as error:
        raise UnsupportedError(
            "this wasmtime keeps its machine code in a form that is not known here"
        ) from error
    text = found[".text"]
    raw = {one: disassemble(text[one.start : one.start + one.size], one.start) for one in own}
    names = {at: name for each in raw.values() for at, name, _ in each}
    lines, why = _lines(found.get(".wasmtime.addrmap", b""), names, source, binary)
    return tuple(_code(one, each, lines, why) for one, each in raw.items())


class _Lines:
    """The line of each address: that of the last entry of the map at or before it."""

    def __init__(self, entries: list[tuple[int, int]]) -> None:
        self._at = [at for at, _ in entries]
        self._line = [line for _, line in entries]

    def __getitem__(self, address: int) -> int:
        place = bisect_right(self._at, address)
        return self._line[place - 1] if place else 0


def _lines(table: bytes, names: dict[int, str], source: str, binary: bytes) -> tuple[_Lines, str]:
    try:
        entries = list(addresses(table))
    except (struct.error, IndexError):
        return _Lines([]), NO_MAP
    told = [(at, place) for at, place in entries if place is not None and names.get(at) in KNOWN]
    if not entries or not all(binary.startswith(KNOWN[names[at]], place) for at, place in told):
        return _Lines([]), NO_MAP
    lines = lines_of(source, binary)
    if not lines:
        return _Lines([]), NO_TEXT
    return _Lines([(at, lines.get(place, 0) if place is not None else 0) for at, place in entries]), ""


def addresses(table: bytes) -> "list[tuple[int, int | None]]":
    """Pairs of an address in the code and the byte of the module that it comes from, None for no such.

    The form is wasmtime's own (crates/environ/src/address_map.rs of version 50): the number of entries and of
    blocks, where each block's code and entries begin, then for each entry the distance to the last address,
    its lowest bit set where no byte follows, and the distance to the last byte.

    Raises:
        struct.error, IndexError: the table ends too early.
    """
    count, blocks = struct.unpack_from("<II", table)
    heads = [struct.unpack_from("<II", table, 8 + 8 * i) for i in range(blocks)]
    body = table[8 + 8 * blocks :]
    ends = [*(start for _, start in heads[1:]), len(body)]
    found: list[tuple[int, int | None]] = []
    for (begin, start), end in zip(heads, ends, strict=True):
        address, reader, place, first = begin, Reader(body, start), 0, True
        while reader.at < end:
            step = reader.number()
            address += step >> 1
            if step & 1:
                found.append((address, None))
            else:
                place += reader.number() if first else reader.signed()
                first = False
                found.append((address, place))
    if len(found) != count:
        raise IndexError("another form")
    return found


def _code(one: Function, raw: list[Raw], lines: _Lines, why: str) -> Code:
    own, loop = read(raw, [lines[at] for at, _, _ in raw])
    return Code(
        target="wasmtime",
        label="wasmtime",
        entry=one.name.split("::")[-1].replace("function[", "function ").rstrip("]"),
        instructions=own,
        loop=loop,
        statistics={"Code bytes": float(one.size), "Instructions": float(len(own))},
        lines=why,
    )
