"""Write and build the shipped modules anew: ``python -m resources.wasm.build``.

Needs binaryen's ``wasm-as`` and ``wasm-opt`` on the path (``npm install binaryen@132``). The commands are

    wasm-as --enable-simd --enable-fp16 --enable-bulk-memory NAME.wat -o NAME.wasm

and, for what Asyncify transforms,

    wasm-opt -O1 --asyncify -O2 NAME.wat -o NAME.wasm
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from app.catalog.index import variants
from app.catalog.programs import source
from app.engines.wasm.proposals import PROPOSALS

HERE = Path(__file__).parent
ASSEMBLE = ("wasm-as", "--enable-simd", "--enable-fp16", "--enable-bulk-memory")
TRANSFORM = ("wasm-opt", "-O1", "--asyncify", "-O2")


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every module that must be built: for FP16, and for Asyncify."""
    yield "probe-fp16", next(p.probe for p in PROPOSALS if p.name == "fp16")
    for variant in variants():
        if "fp16" in variant.requires or "built" in variant.options:
            defaults = {parameter.name: parameter.cpu for parameter in variant.parameters}
            yield f"{variant.workload}-{variant.name}", source(variant, defaults)


def build(folder: Path) -> None:
    """Write text and binary of every module into ``folder``."""
    for name, text in texts():
        wat, wasm = folder / f"{name}.wat", folder / f"{name}.wasm"
        wat.write_text(text, "utf-8", newline="\n")
        command = TRANSFORM if '"asyncify"' in text else ASSEMBLE
        subprocess.run([*command, str(wat), "-o", str(wasm)], check=True)


if __name__ == "__main__":
    build(HERE)
