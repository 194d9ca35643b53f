"""Real compilers in processes of their own: wasmtime, llvmpipe, and AMD's generations that are not here."""

from pathlib import Path

import msgspec
import pytest

from app.catalog.index import find
from app.compiled.messages import Answer, Task
from app.core.code import Compiled, Work
from app.core.target import Runtime
from app.findings.code import sentence
from app.worker import compiling
from app.worker.compiling import PLACES, _manifest, compile_all, job
from app.workloads import workloads

PLACE = {place.name: place for place in PLACES}


def compiled(places: dict[str, list[str]], workload: str = "matvec", texts: bool = False) -> list[Compiled]:
    shape = workloads()[workload].default_shapes[-1]
    jobs = {
        name: [job(find(workload, own, PLACE[name].runtime), PLACE[name], shape, {}) for own in variants]
        for name, variants in places.items()
    }
    return compile_all(jobs, texts)


@pytest.fixture(scope="module")
def amd(_own_home: None) -> dict[tuple[str, str], Compiled]:
    """Two kernels on two generations that are not here, and on llvmpipe, which is."""
    if not _manifest("radeon") or not _manifest("lvp"):
        pytest.skip("Mesa's RADV and llvmpipe are not both here")
    names = ["u8-dot4", "f32"]
    found = compiled({"navi21": names, "vega10": names, "llvmpipe": names}, texts=True)
    return {(one.target, one.variant): one for one in found}


def test_packed_dot_products_are_an_instruction_on_navi21_and_emulated_on_vega10(
    amd: dict[tuple[str, str], Compiled],
) -> None:
    newer, older = (amd[name, "u8-dot4"].hot for name in ("navi21", "vega10"))
    assert newer
    assert older
    assert any("v_dot4_u32_u8" in one.text for one in newer.body)
    assert not any("v_dot4" in one.text for one in older.instructions)
    assert newer.multiply_adds == older.multiply_adds == 64
    assert newer.cost
    assert older.cost
    assert newer.cost < 1 < older.cost
    assert newer.absent
    assert newer.label == "RDNA 2 (Navi 21)"
    assert newer.statistics["VGPRs"] > 0
    assert newer.spilled == 0
    own, other = ([amd[place, name] for place in ("navi21", "vega10")] for name in ("u8-dot4", "f32"))
    words = sentence(own, other)
    assert "RDNA 2 (Navi 21): an instruction does 4 at once, not 1" in words
    assert words.endswith("there no instruction does several at once.")


def test_the_spirv_that_drivers_got_is_naga_s(amd: dict[tuple[str, str], Compiled]) -> None:
    hot = amd["navi21", "u8-dot4"].hot
    assert hot
    assert set(hot.texts) > {"SPIR-V"}
    assert "OpUDot" in hot.texts["SPIR-V"] or "spirv-tools" in hot.texts["SPIR-V"]


def test_llvmpipes_own_machine_code_multiplies_in_its_loop(amd: dict[tuple[str, str], Compiled]) -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    hot = amd["llvmpipe", "f32"].hot
    assert hot, amd["llvmpipe", "f32"].reason
    assert hot.multiply_adds % 8 == 0
    assert hot.counts[Work.MEMORY] > hot.counts[Work.USEFUL] > 0
    assert not hot.absent


def test_wasmtimes_code_of_a_threaded_and_a_64_bit_kernel_too() -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    names = ["i8-relaxed", "f32-relaxed+rows+threads", "f32-relaxed+rows+memory64"]
    dot, threads, wide = (one.hot for one in compiled({"wasmtime": names}))
    assert dot
    assert threads
    assert wide
    assert dot.cost
    assert threads.cost
    assert wide.cost
    assert dot.cost < 0.5 < threads.cost < wide.cost  # bounds are checked where pages cannot guard
    assert not dot.lines
    assert not wide.lines


def test_a_missing_driver_is_a_line_that_says_what_gives_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "_manifest", lambda _: "")
    one = compiled({"llvmpipe": ["f32"]})[0]
    assert not one.codes
    assert "Debian: mesa-vulkan-drivers" in one.reason
    with pytest.raises(Exception, match="no compiler matches 'navi99'"):
        compiling.choose_places(["navi99"])


def test_a_generation_that_mesa_does_not_know_is_said(amd: dict[tuple[str, str], Compiled]) -> None:
    task = Task(
        (
            job(
                find("matvec", "f32", Runtime.WGSL),
                PLACE["navi21"],
                workloads()["matvec"].default_shapes[0],
                {},
            ),
        )
    )
    (answer,) = compiling._run("vulkan", task, "radeon", "navi99")
    assert answer.reason == "this Mesa knows no such AMD GPU: a newer one does"


def test_a_compiler_that_dies_costs_what_it_leaves(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = msgspec.json.encode(Answer(reason="fine")).decode()
    program = tmp_path / "dies"
    program.write_text(f"#!/bin/sh\ncat >/dev/null\necho '{line}'\nkill -SEGV $$\n")
    program.chmod(0o755)
    monkeypatch.setattr(compiling.sys, "executable", str(program))
    task = Task(
        (
            job(
                find("matvec", "f32", Runtime.WGSL),
                PLACE["navi21"],
                workloads()["matvec"].default_shapes[0],
                {},
            ),
        )
        * 2
    )
    first, second = compiling._run("spirv", task)
    assert first.reason == "fine"
    assert second.reason == "the compiler's process ended with signal 11"
