"""Binary modules from texts, by wasmtime's assembler; or built ones where that does not know the text."""

import re
from functools import cache
from importlib import resources

import wasmtime

from app.core.errors import KernelError

BUILT = resources.files("resources") / "wasm"

_PLACE = re.compile(r"--> <anon>:(\d+):(\d+)")


def assemble(source: str) -> bytes:
    """The binary of ``source``.

    Raises:
        KernelError: with the line and column of the text where the assembler named them.
    """
    if binary := built().get(source):
        return binary
    try:
        return bytes(wasmtime.wat2wasm(source))
    except wasmtime.WasmtimeError as error:
        text = str(error)
        place = _PLACE.search(text)
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        raise KernelError(text.strip().splitlines()[0], line, column) from error


@cache
def built() -> dict[str, bytes]:
    """Text to binary of the modules that are shipped built, each beside the text it was built from."""
    texts = (file for file in BUILT.iterdir() if file.name.endswith(".wat"))
    return {
        text.read_text("utf-8"): (BUILT / text.name.replace(".wat", ".wasm")).read_bytes() for text in texts
    }
