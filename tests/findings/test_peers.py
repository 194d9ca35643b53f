"""Kernels beside libraries: which one each is held against, and what is said of it."""

from msgspec import structs

from app.core.measurement import Error, Measurement
from app.core.session import Session
from app.core.target import Runtime, Target
from app.findings.advice import AdviceKind, advise
from app.findings.rows import Row, rows
from app.storage.tables import COLUMNS, csv_text, human, record
from app.workloads import workloads
from tests.findings.test_rows import measured, session, target, variant

ROUGH = Error(1e-2, 1e-2, 1e-7, 1e-7, 1e-5)


def library(id: str, threads: int, engine: str = "onnxruntime", backend: str = "CPU") -> Target:
    made = target(id, Runtime.ONNX)
    return structs.replace(made, engine=engine, backend=backend, properties={"threads": str(threads)})


WASM = structs.replace(target("wasm", Runtime.WASM), engine="v8")
PAGE = structs.replace(target("page", Runtime.WASM), engine="browser")
GPU = structs.replace(target("gpu"), engine="browser")
ONE, ALL = library("one", 1), library("all", 2)
WEB, WEB_GPU = library("web", 1, "browser"), library("webgpu", 1, "browser", "WebGPU")
TARGETS = (WASM, PAGE, GPU, ONE, ALL, WEB, WEB_GPU)
VARIANTS = tuple(
    structs.replace(variant(name, runtime), storage="u8" if name == "u8" else "f32")
    for runtime in (Runtime.WASM, Runtime.WGSL, Runtime.ONNX)
    for name in ("f32", "u8", "f32+threads")
)


def rough(measurement: Measurement) -> Measurement:
    return structs.replace(measurement, error=ROUGH)


def made(*measurements: Measurement) -> Session:
    return structs.replace(session(*measurements), targets=TARGETS, variants=VARIANTS)


def told(*measurements: Measurement) -> list[Row]:
    return rows(made(*measurements), workloads())


EVERY = (
    measured("one", "f32", 0.2),
    rough(measured("one", "u8", 0.05)),
    measured("all", "f32", 0.1),
    measured("web", "f32", 0.4),
    measured("webgpu", "f32", 0.04),
)


def test_like_is_held_against_like() -> None:
    threads = measured("wasm", "f32+threads", 0.1)
    case = structs.replace(threads.case, parameters={"threads": 2})
    kernels = (
        measured("wasm", "f32", 0.1),
        structs.replace(threads, case=case),
        measured("page", "f32", 0.1),
        measured("gpu", "f32", 0.1),
        rough(measured("wasm", "u8", 0.1)),
    )
    found = told(*kernels, *EVERY)[: len(kernels)]
    assert [row.peer for row in found] == [
        *("f32 · ONE", "f32 · ALL", "f32 · WEB", "f32 · WEBGPU", "u8 · ONE"),
    ]
    assert [round(row.of_peer.value, 2) for row in found if row.of_peer] == [2.0, 1.0, 4.0, 0.4, 0.5]


def test_without_its_like_a_kernel_is_held_against_the_best_there_is() -> None:
    (alone, *_) = told(measured("page", "f32", 0.1), *EVERY[:3])
    assert alone.peer == "f32 · ONE"
    (no_library,) = told(measured("page", "f32", 0.1))
    assert (no_library.of_peer, no_library.peer) == (None, "")


def test_tables_say_how_fast_it_is_beside_the_best_library() -> None:
    (row, *_) = told(measured("wasm", "f32", 0.1), *EVERY)
    assert human(row)["of best peer"] == "200 %"
    assert record(row)["best_peer"] == "f32 · ONE"
    assert COLUMNS[-3:] == ("of_best_peer", "best_peer", "machine")
    assert csv_text([row]).splitlines()[1].endswith(",2.0,f32 · ONE,")


def test_advice_says_when_a_library_is_the_better_choice() -> None:
    measurements = (measured("page", "f32", 0.1), measured("gpu", "f32", 0.1), *EVERY)
    found = [one for one in advise(told(*measurements)) if one.kind is AdviceKind.LIBRARY]
    own, better = sorted(found, key=lambda one: one.target, reverse=True)
    assert own.text.startswith(
        "matvec on PAGE at 100x50: a kernel of your own pays: f32 is 4.00× faster than"
    )
    assert better.text.startswith(
        "matvec on GPU at 100x50: the library is the better choice: f32 · WEBGPU is 2.50× faster than f32 ("
    )
    assert not any("ONE" in one.text for one in found)


def test_no_clear_difference_is_none() -> None:
    (one,) = [
        one
        for one in advise(told(measured("page", "f32", 0.4), measured("web", "f32", 0.4)))
        if one.kind is AdviceKind.LIBRARY
    ]
    assert "f32 is not surely faster than a library: f32 · WEB does as well" in one.text
