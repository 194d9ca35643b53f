"""Seeing what passes between wgpu and a driver: SPIR-V that goes in, machine code that llvmpipe makes.

wgpu hands its SPIR-V to nobody, and only Mesa of 23.1 and newer writes it down. So the driver's function that
takes it is made to begin with a jump to a function of ours, which keeps the words, puts the driver's own
beginning back and calls it. A process that does so is good for nothing else, and ends soon.
"""

import ctypes
import mmap
import platform
import struct
from collections.abc import Iterator
from pathlib import Path

from app.compiled.vulkan import Card, Vulkan
from app.core.errors import UnsupportedError

MAGIC = 0x07230203
"""The first word of every SPIR-V module (SPIR-V specification, 2.3)."""

READ_WRITE_RUN = 7
PAGE = mmap.PAGESIZE

JUMPS = {
    "x86_64": lambda to: b"\x48\xb8" + struct.pack("<Q", to) + b"\xff\xe0",  # mov rax, to; jmp rax
    "aarch64": lambda to: b"\x50\x00\x00\x58\x00\x02\x1f\xd6" + struct.pack("<Q", to),  # ldr x16, 8; br x16
}


class _Info(ctypes.Structure):
    """VkShaderModuleCreateInfo."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("next", ctypes.c_void_p),
        ("flags", ctypes.c_uint32),
        ("size", ctypes.c_size_t),
        ("code", ctypes.c_void_p),
    )


_CREATE = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Info), ctypes.c_void_p, ctypes.c_void_p
)


class Watch:
    """Keeps the SPIR-V modules that come by, in order, in ``modules``."""

    def __init__(self) -> None:
        make = JUMPS.get(platform.machine())
        if make is None:
            raise UnsupportedError(
                f"SPIR-V cannot be caught on {platform.machine()}, only on x86-64 and ARM64 under Linux"
            )
        vulkan = Vulkan()
        if not vulkan.cards:
            raise UnsupportedError(
                "Vulkan lists no card here: Mesa's llvmpipe is one (Debian: mesa-vulkan-drivers)"
            )
        self.card = vulkan.name(vulkan.cards[0])
        self._vulkan = (vulkan, Card(vulkan, vulkan.cards[0]))
        self.modules: list[bytes] = []
        self._at = self._vulkan[1].address("vkCreateShaderModule")
        self._original = _CREATE(self._at)
        self._ours = _CREATE(self._on_module)
        jump = make(ctypes.cast(self._ours, ctypes.c_void_p).value)
        self._own, self._jump = ctypes.string_at(self._at, len(jump)), jump
        self._unlock(len(jump))
        self._write(self._jump)

    def _unlock(self, size: int) -> None:
        start = self._at & ~(PAGE - 1)
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mprotect(ctypes.c_void_p(start), self._at + size - start, READ_WRITE_RUN):
            raise UnsupportedError("this system lets no code be changed, so SPIR-V cannot be caught")

    def _write(self, code: bytes) -> None:
        ctypes.memmove(self._at, code, len(code))

    def _on_module(self, device: int, info: "ctypes._Pointer[_Info]", allocator: int, made: int) -> int:
        words = ctypes.string_at(info[0].code, info[0].size)
        if words[:4] == struct.pack("<I", MAGIC):
            self.modules.append(words)
        self._write(self._own)
        try:
            return int(self._original(device, info, allocator, made))
        finally:
            self._write(self._jump)


def machine_code() -> dict[int, bytes]:
    """The pages of code that belong to no file, by address: what compilers in this process made.

    Raises:
        UnsupportedError: the system does not tell.
    """
    found: dict[int, bytes] = {}
    for low, high in _regions():
        for at in range(low, high, PAGE):
            found[at] = ctypes.string_at(at, PAGE)
    return found


def _regions() -> Iterator[tuple[int, int]]:
    try:
        lines = Path("/proc/self/maps").read_text("utf-8").splitlines()
    except OSError as error:
        raise UnsupportedError("llvmpipe's machine code is found under Linux alone") from error
    for line in lines:
        place, rights, _, _, _, *name = line.split(None, 5)
        if rights.startswith("r-x") and not name:
            low, high = (int(part, 16) for part in place.split("-"))
            yield low, high


def fresh(before: dict[int, bytes], after: dict[int, bytes]) -> list[tuple[int, bytes]]:
    """What was made between: address and bytes of each stretch of pages that are new or other ones."""
    stretches: list[tuple[int, bytes]] = []
    for at in sorted(page for page, data in after.items() if before.get(page) != data):
        if stretches and stretches[-1][0] + len(stretches[-1][1]) == at:
            start, data = stretches.pop()
            stretches.append((start, data + after[at]))
        else:
            stretches.append((at, after[at]))
    return stretches
