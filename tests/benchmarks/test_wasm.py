"""How near the Wasm kernels come to what this CPU can do: ratios of the best of interleaved rounds.

Printed with the targets beside them; what is asserted is generous, because others may use the machine.
"""

import os
import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from app.catalog.index import find
from app.catalog.programs import build
from app.core.shape import Shape
from app.core.target import Runtime
from app.engines import Kernel, load
from app.measure.cold import copies
from app.workloads import workloads
from app.workloads.linear import FULL, Ending, layer

SECONDS = 6.0
Entry = tuple[str, str, Shape, dict[str, int | str]]

PEAK: Entry = ("fma", "f32-relaxed", Shape(1 << 12), {})
"""Register-only multiply-adds: the ceiling of every float kernel on one thread."""


class Runner:
    """One prepared case and its best rate so far, in operations (or bytes read) a second."""

    def __init__(self, engine: str, entry: Entry, cold: bool = False) -> None:
        workload, name, shape, chosen = entry
        loaded = load(engine)
        target = loaded.targets()[0]
        variant = find(workload, name, Runtime.WASM)
        self._work = workloads()[workload].flops(shape)
        operands = workloads()[workload].inputs(shape, 1)
        program = build(variant, operands, variant.defaults(target, shape) | chosen)
        if cold:
            program = replace(program, copies=copies(target, program))
        self._kernel: Kernel = loaded.open(target).prepare(program)
        self.rate = 0.0

    def go(self) -> None:
        self.rate = max(self.rate, self._work / self._kernel.time(1))

    def close(self) -> None:
        self._kernel.close()


def race(engine: str, entries: Sequence[Entry], seconds: float = SECONDS) -> list[float]:
    """Rates in giga-operations a second, each kernel visited in turn until the time is up."""
    runners = [Runner(engine, entry) for entry in entries]
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for runner in runners:
                runner.go()
    finally:
        for runner in runners:
            runner.close()
    return [runner.rate / 1e9 for runner in runners]


def tell(what: str, value: float, target: str) -> None:
    print(f"\n{what}: {value:.2f} (target {target})", end="")


@pytest.mark.parametrize("size", [512, 1000, 1023, 1024])
def test_matmul(size: int) -> None:
    shape = Shape(size, size, size)
    names = ("f32-relaxed", "f32-simd", "f32-scalar", "i7-relaxed", "i8-dot")
    peak, relaxed, simd, scalar, i7, dot = race(
        "wasmtime", [PEAK, *(("matmul", n, shape, {}) for n in names)]
    )
    print(
        f"\nN={size}: peak {peak:.1f}, relaxed {relaxed:.1f}, simd {simd:.1f}, scalar {scalar:.1f} GFLOP/s, "
    )
    print(f"int8 relaxed {i7:.1f}, dot {dot:.1f} GOP/s", end="")
    tell("relaxed over peak", relaxed / peak, "0.85")
    tell("simd over scalar", simd / scalar, "3")
    tell("int8 relaxed over f32 relaxed", i7 / relaxed, "2")
    assert relaxed > 0.4 * peak
    assert simd > 1.5 * scalar
    assert i7 > 1.2 * relaxed


@pytest.mark.parametrize("ending", [Ending("none"), FULL], ids=str)
def test_linear(ending: Ending) -> None:
    """A layer whose weights are packed once, its ending fused, against the product alone and the peak."""
    shape = layer(1024, 1024, 1024, like=ending)
    peak, product, fused = race(
        "wasmtime",
        [PEAK, ("matmul", "f32-relaxed", Shape(*shape.sizes[:3]), {}), ("linear", "f32-relaxed", shape, {})],
    )
    tell(f"linear, {ending}, over peak", fused / peak, "0.9")
    tell("over matmul, which packs B in each run", fused / product, "1")
    assert fused > 0.4 * peak


@pytest.mark.parametrize("name", ["f32-relaxed", "f32-simd", "i7-relaxed"])
def test_odd_sizes_of_matmul(name: str) -> None:
    """Padding costs little: what holds at 1024 holds beside it."""
    shapes = [Shape(n, n, n) for n in (1024, 1000, 1023)]
    power, *others = race("wasmtime", [("matmul", name, shape, {}) for shape in shapes], 9)
    for shape, rate in zip(shapes[1:], others, strict=True):
        tell(f"{name} at {shape.label} over 1024", rate / power, "0.9")
        assert rate > 0.7 * power


@pytest.mark.parametrize("name", ["f32-relaxed+rows", "f16-storage", "i8-relaxed"])
@pytest.mark.parametrize("sizes", [(1024, 1000, 1023), (8192, 8000, 8191)], ids=str)
def test_odd_sizes_of_matvec(name: str, sizes: tuple[int, ...]) -> None:
    """In the cache and from memory."""
    shapes = [Shape(n, n) for n in sizes]
    power, *others = race("wasmtime", [("matvec", name, shape, {}) for shape in shapes], 6)
    for shape, rate in zip(shapes[1:], others, strict=True):
        tell(f"{name} at {shape.label} over {sizes[0]}", rate / power, "0.9")
        assert rate > 0.7 * power


def test_cold_operands_are_slower() -> None:
    """A matrix of 1 MiB, which every last-level cache holds, against enough copies to fill it twice."""
    entry: Entry = ("matvec", "i8-relaxed", Shape(1024, 1024), {})
    warm, cold = (Runner("wasmtime", entry, cold) for cold in (False, True))
    for _ in range(300):
        warm.go()
        cold.go()
    warm.close()
    cold.close()
    tell("warm over cold operands of 1 MiB", warm.rate / cold.rate, "over 1")
    assert warm.rate > cold.rate


def test_naive_matmul() -> None:
    naive, scalar = race(
        "wasmtime", [("matmul", n, Shape(512, 512, 512), {}) for n in ("f32-naive", "f32-scalar")]
    )
    tell("blocked scalar over naive", scalar / naive, "2")
    assert scalar > naive


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core")
@pytest.mark.parametrize("name", ["f32-relaxed+threads"])
def test_two_threads_over_one(name: str) -> None:
    shape = Shape(1024, 1024, 1024)
    one, two = race("wasmtime", [("matmul", name, shape, {"threads": n}) for n in (1, 2)])
    tell("two threads over one", two / one, "1.85")
    assert two > 0.8 * one  # where others keep the second core busy, two gain nothing


@pytest.mark.parametrize("size", [8192])
def test_matvec_from_memory(size: int) -> None:
    names = ("f32-relaxed", "f32-relaxed+rows", "f16-storage", "bf16-storage", "i8-dot", "i8-relaxed")
    stream, plain, rows, f16, bf16, dot, i8 = race(
        "wasmtime",
        [("reduce", "f32-simd", Shape(1 << 26), {}), *(("matvec", n, Shape(size, size), {}) for n in names)],
        12,
    )
    print(f"\nstream {4 * stream:.1f} GB/s; plain rows {plain:.1f}, interleaved {rows:.1f}, f16 {f16:.1f}, ")
    print(f"bf16 {bf16:.1f} GFLOP/s, int8 dot {dot:.1f}, relaxed {i8:.1f} GOP/s", end="")
    tell("f32 over the stream", 2 * rows / (4 * stream), "0.8")
    tell("f16 over f32", f16 / rows, "1.5")
    tell("int8 relaxed over f32", i8 / rows, "4")
    assert 2 * rows > 0.4 * 4 * stream
    assert i8 > 2 * rows


def test_64_bit_memory_and_v8() -> None:
    shape = Shape(512, 512, 512)
    narrow, wide = race(
        "wasmtime", [("matmul", n, shape, {}) for n in ("f32-relaxed", "f32-relaxed+memory64")]
    )
    tell("64-bit memory over 32-bit", wide / narrow, "0.75")
    peak, relaxed, simd, fp16 = race(
        "v8", [PEAK, *(("matmul", n, shape, {}) for n in ("f32-relaxed", "f32-simd", "f16-native"))]
    )
    print(f"\nV8: peak {peak:.1f}, relaxed {relaxed:.1f}, simd {simd:.1f}, FP16 {fp16:.1f} GFLOP/s", end="")
    tell("V8: relaxed over peak", relaxed / peak, "0.75")
    assert relaxed > 0.4 * peak


def test_a_call_costs_microseconds() -> None:
    for engine in ("wasmtime", "v8"):
        runner = Runner(engine, ("transfer", "dispatch", Shape(1), {}))
        best = min(runner._kernel.time(1) for _ in range(200))
        runner.close()
        print(f"\n{engine}: one call through Python {1e6 * best:.1f} us", end="")
        assert best < 0.01


def best(engine: str, entry: Entry, repeats: int = 1, rounds: int = 7) -> float:
    """Seconds of one run at its fastest."""
    runner = Runner(engine, entry)
    seconds = min(runner._kernel.time(repeats) / repeats for _ in range(rounds))
    runner.close()
    return seconds


@pytest.mark.parametrize("engine", ["wasmtime", "v8"])
def test_copies_against_the_view(engine: str) -> None:
    for kib in (1, 64, 1024, 65536):
        shape = Shape(256 * kib)
        found = {
            n: best(engine, ("transfer", n, shape, {})) for n in ("upload", "download", "first-touch", "map")
        }
        print(
            f"\n{engine}, {kib} KiB: " + ", ".join(f"{n} {1e6 * s:.1f} us" for n, s in found.items()), end=""
        )
        assert found["map"] < found["first-touch"]


def test_suspension() -> None:
    additions = workloads()["suspend"].flops(Shape(12))
    plain = best("wasmtime", ("suspend", "plain", Shape(12), {}), 1000)
    idle = best("wasmtime", ("suspend", "asyncify-idle", Shape(12), {}), 1000)
    tell("Asyncify without suspension over plain", idle / plain, "1.6 seen before")
    for engine, name in (
        ("wasmtime", "asyncify"),
        ("wasmtime", "fibers"),
        ("v8", "asyncify"),
        ("v8", "jspi"),
    ):
        seconds = best(engine, ("suspend", name, Shape(12), {}), 20)
        print(f"\n{engine} {name}: {1e6 * (seconds - plain) / additions:.3f} us per suspension", end="")
    assert idle > plain
