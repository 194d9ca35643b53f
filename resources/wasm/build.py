"""Write and build the shipped modules anew: ``python -m resources.wasm.build``.

Needs ``wasm-as`` and ``wasm-opt`` of binaryen (``npm install binaryen@132``) on the path. The commands are:

    wasm-as --enable-simd --enable-relaxed-simd --enable-fp16 NAME.wat -o NAME.wasm
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from app.catalog import source, variants
from app.engines.wasm.proposals import PROPOSALS

HERE = Path(__file__).parent
ASSEMBLE = (
    "wasm-as", "--enable-simd", "--enable-relaxed-simd", "--enable-fp16", "--enable-bulk-memory",
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every module that must be built: the probe, and the variants that need FP16."""
    yield "probe-fp16", next(p.probe for p in PROPOSALS if p.name == "fp16")
    for variant in variants():
        if "fp16" in variant.requires:
            yield f"{variant.workload}-{variant.name}", source(variant, {})


def build(folder: Path) -> None:
    """Write text and binary of every module into ``folder``."""
    for name, text in texts():
        (folder / f"{name}.wat").write_text(text, "utf-8", newline="\n")
        wat, wasm = folder / f"{name}.wat", folder / f"{name}.wasm"
        subprocess.run([*ASSEMBLE, str(wat), "-o", str(wasm)], check=True)


if __name__ == "__main__":
    build(HERE)
