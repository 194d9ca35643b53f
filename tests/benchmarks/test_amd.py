"""What AMD's compiler makes of every matvec and matmul variant, on generations of cards that are absent.

Of another revision the same is told by ``kernelscope compiled --json`` there.
"""

import re

import pytest

from app.catalog.index import variants
from app.core.code import Code, Instruction
from app.core.target import Runtime
from app.worker.compiling import PLACES, compile_all, job
from app.workloads import workloads

CARDS = [place for place in PLACES if place.name in ("vega10", "navi21", "navi31", "gfx1201")]
LOAD = re.compile(r"^(buffer|global|flat)_load_")
WAIT = re.compile(r"^s_waitcnt.*vmcnt\((\d+)\)|^s_wait_loadcnt\w*\s+(?:imm:)?(0x[0-9a-f]+|\d+)")


def in_flight(body: tuple[Instruction, ...]) -> int:
    """The most loads that were issued and not waited for, the second time around."""
    waiting = most = 0
    for turn in range(2):
        for one in body:
            if LOAD.match(one.text):
                waiting += 1
                most = max(most, waiting) if turn else 0
            elif found := WAIT.match(one.text):
                waiting = min(waiting, int(found[1] or found[2], 0))
    return most


def vector(code: Code) -> float:
    """Vector instructions of the hot loop for each multiply-add."""
    return sum(one.text.startswith("v_") for one in code.body) / code.multiply_adds


def words(code: Code) -> str:
    """Registers, waves, instructions a multiply-add (vector ones, all) and loads in flight."""
    return (
        f"{code.statistics['VGPRs']:4.0f}{code.statistics['Subgroups per SIMD']:4.0f}"
        f"{vector(code):6.2f}{code.cost or 0:6.2f}{in_flight(code.body):4}"
    )


def test_what_amds_compiler_makes_of_the_defaults() -> None:
    """Nothing spills, row-wise lanes have four loads in flight, staged f32 needs 1.2 instructions an FMA."""
    own = [
        variant
        for variant in variants()
        if variant.workload in ("matvec", "matmul")
        and variant.runtime is Runtime.WGSL
        and variant.checked
        and "cooperative" not in variant.techniques  # which naga does not compile
    ]
    shapes = {name: workloads()[name].default_shapes[-1] for name in ("matvec", "matmul")}
    jobs = {card.name: [job(v, card, shapes[v.workload], {}) for v in own] for card in CARDS}
    found = {(one.workload, one.variant, one.target): one for one in compile_all(jobs)}
    if not any(one.codes for one in found.values()):
        pytest.skip(next(iter(found.values())).reason)
    print("\nregisters, waves a SIMD, instructions a multiply-add (vector, all), loads in flight")
    print(f"{'':40}" + "   ".join(f"{card.label:24}" for card in CARDS))
    for variant in own:
        codes = [found[variant.workload, variant.name, card.name].hot for card in CARDS]
        cells = [words(code) if code and code.cost else "" for code in codes]
        print(f"{variant.workload} {variant.name:32} " + "   ".join(f"{cell:24}" for cell in cells))
        for code in filter(None, codes):
            assert not code.spilled, (variant.name, code.label)
            if "rowwise" in variant.techniques and code.cost:
                assert in_flight(code.body) >= 4, (variant.name, code.label)
            if (variant.workload, variant.name) == ("matmul", "f32-tile+shared"):
                assert vector(code) < 1.2, code.label
