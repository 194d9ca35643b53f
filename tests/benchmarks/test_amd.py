"""What AMD's compiler makes of every matvec and matmul variant, on four generations of cards that are absent.

``KERNELSCOPE_BEFORE=REVISION`` shows the same of that revision beside it.
"""

import io
import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from app.catalog.index import find
from app.core.target import Runtime
from tests.benchmarks.amd.loops import hottest, multiply_adds
from tests.conftest import ROOT

CARDS = {"vega10": "Vega", "navi21": "RDNA 2", "navi31": "RDNA 3", "gfx1201": "RDNA 4"}
HERE = Path(__file__).parent / "amd"
DUMPS = b"MESA_SPIRV_DUMP_PATH"


def drivers() -> tuple[Path, Path]:
    """Mesa's software and AMD drivers of one version that writes down the SPIR-V it gets."""
    named = os.environ.get("VK_DRIVER_FILES", "").split(os.pathsep)
    for manifest in (*map(Path, filter(None, named)), *Path("/usr/share/vulkan/icd.d").glob("lvp_icd*.json")):
        if not manifest.is_file():
            continue
        library = Path(json.loads(manifest.read_text())["ICD"]["library_path"])
        for folder in (library.parent, *Path("/usr/lib").glob("*-linux-gnu")):
            software, amd = folder / "libvulkan_lvp.so", folder / "libvulkan_radeon.so"
            if software.is_file() and amd.is_file() and DUMPS in software.read_bytes():
                return software, amd
    pytest.skip("no Mesa here with both llvmpipe and RADV that can write down SPIR-V (23.1 or newer)")


def run(driver: Path, folder: Path, *arguments: str, **environment: str) -> str:
    manifest = folder / f"{driver.stem}.json"
    icd = {"library_path": str(driver), "api_version": "1.3.0"}
    manifest.write_text(json.dumps({"file_format_version": "1.0.0", "ICD": icd}))
    own = {"VK_DRIVER_FILES": str(manifest), "MESA_SHADER_CACHE_DISABLE": "1", **environment}
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, **own},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def compiled(checkout: Path, folder: Path) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """For each workload and variant of ``checkout``, what became of it on each card."""
    software, amd = drivers()
    folder.mkdir()
    capture = (str(HERE / "capture.py"), str(checkout), str(folder))
    run(software, folder, *capture, MESA_SPIRV_DUMP_PATH=str(folder))
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for card in CARDS:
        compiling = (str(HERE / "compile.py"), str(folder / "kernels.json"))
        for kernel in json.loads(run(amd, folder, *compiling, RADV_FORCE_FAMILY=card)):
            found.setdefault((kernel["workload"], kernel["name"]), {})[card] = kernel
    return found


def words(kernel: dict[str, Any]) -> str:
    """Registers, waves, instructions a multiply-add (vector ones, all) and loads in flight."""
    variant = find(kernel["workload"], kernel["name"], Runtime.WGSL)
    loop, statistics = hottest(kernel["assembly"]), kernel["statistics"]
    each = multiply_adds(kernel["workload"], variant, kernel["parameters"])
    return (
        f"{statistics['VGPRs']:4}{statistics['Subgroups per SIMD']:4}"
        f"{loop.vector / each:6.2f}{loop.every / each:6.2f}{loop.in_flight:4}"
    )


def earlier(revision: str, folder: Path) -> Path:
    packed = subprocess.run(
        ["git", "archive", revision, "app", "kernels", "wasm_modules", "resources/wasm"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder


def test_what_amds_compiler_makes_of_the_defaults(tmp_path: Path) -> None:
    """Nothing spills, row-wise lanes have four loads in flight, staged f32 needs 1.1 instructions an FMA."""
    now = compiled(ROOT, tmp_path / "now")
    revision = os.environ.get("KERNELSCOPE_BEFORE")
    before = compiled(earlier(revision, tmp_path / "old"), tmp_path / "before") if revision else {}
    blank = " " * 24
    print("\nregisters, waves a SIMD, instructions a multiply-add (vector, all), loads in flight")
    print(f"{'':32}" + "   ".join(f"{card:24}" for card in CARDS.values()))
    for key, cards in now.items():
        for what, own in (("before", before.get(key)), ("", cards)):
            if own:
                name = f"{key[0]} {key[1]}" if not what else f"  {what}"
                print(f"{name:32}" + "   ".join(words(own[card]) if card in own else blank for card in CARDS))
    for key, cards in now.items():
        for card, kernel in cards.items():
            assert not kernel["statistics"]["Spilled VGPRs"], (key, card)
            loop = hottest(kernel["assembly"])
            if "rowwise" in kernel["techniques"]:
                assert loop.in_flight >= 4, (key, card)
            if key == ("matmul", "f32-tile+shared"):
                variant = find(*key, Runtime.WGSL)
                assert loop.vector / multiply_adds("matmul", variant, kernel["parameters"]) < 1.1, card
