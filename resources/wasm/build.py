"""Write and build the shipped modules anew: ``python -m resources.wasm.build``.

Needs binaryen's ``wasm-as`` on the path (``npm install binaryen@132``). For each module the command is

    wasm-as --enable-simd --enable-fp16 --enable-bulk-memory NAME.wat -o NAME.wasm
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from app.catalog import source, variants
from app.engines.wasm.proposals import PROPOSALS

HERE = Path(__file__).parent
ASSEMBLE = ("wasm-as", "--enable-simd", "--enable-fp16", "--enable-bulk-memory")


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every module that must be built: the probe, and the variants that need FP16."""
    yield "probe-fp16", next(p.probe for p in PROPOSALS if p.name == "fp16")
    for variant in variants():
        if "fp16" in variant.requires:
            yield (
                f"{variant.workload}-{variant.name}",
                source(variant, {p.name: p.cpu for p in variant.parameters}),
            )


def build(folder: Path) -> None:
    """Write text and binary of every module into ``folder``."""
    for name, text in texts():
        (folder / f"{name}.wat").write_text(text, "utf-8", newline="\n")
        wat, wasm = folder / f"{name}.wat", folder / f"{name}.wasm"
        subprocess.run([*ASSEMBLE, str(wat), "-o", str(wasm)], check=True)


if __name__ == "__main__":
    build(HERE)
