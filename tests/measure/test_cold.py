"""How many copies make operands cold, and what is said where there is no room for them."""

import numpy as np
import pytest

from app.catalog.index import variants
from app.core.errors import LimitError
from app.core.measurement import Measurement, Rotation, Status, operand_words
from app.core.plan import Case, Plan, Settings
from app.core.program import Layout, Program
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Operation
from app.findings.rows import rows
from app.measure import cold
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

MIB = 1 << 20


def target(kind: str = "CPU", runtime: Runtime = Runtime.WASM) -> Target:
    return Target("t", "T", "e", runtime, "t", "", "", kind)


def program(size: int, operation: Operation | None = None) -> Program:
    layout = Layout({"a": np.empty(size, np.uint8)}, {}, (np.dtype(np.float32), 1), lambda: ())
    return Program("", layout, operation=operation)


@pytest.fixture(autouse=True)
def _caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cold, "last_level_caches", lambda: 32 * MIB)


def test_all_copies_together_are_four_times_the_caches() -> None:
    sizes = (MIB, 10 * MIB, 64 * MIB, 128 * MIB, 130 * MIB)
    assert [cold.copies(target(), program(size)) for size in sizes] == [128, 13, 2, 1, 1]


def test_what_the_curve_showed_comes_before_what_is_guessed() -> None:
    gpu = target("DiscreteGPU", Runtime.WGSL)
    assert cold.copies(gpu, program(MIB)) == 512
    assert cold.copies(gpu, program(MIB), cache=50 * MIB) == 200
    assert cold.copies(target(), program(MIB), cache=64 * MIB) == 256
    assert cold.copies(target(), program(MIB), cache=8 * MIB) == 128, "its system knows of more"


def test_what_does_not_fit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LimitError, match="512 MiB would take 524288 copies; 4096 is the limit"):
        cold.copies(target("DiscreteGPU", Runtime.WGSL), program(1024))
    with pytest.raises(LimitError, match="no operands"):
        cold.copies(target(), program(0))
    with pytest.raises(LimitError, match="no operands"):
        cold.copies(target(), program(MIB, operation=Operation.UPLOAD))
    monkeypatch.setattr(cold, "free_memory", lambda: 100 * MIB)
    with pytest.raises(LimitError, match="needs 128 MiB of memory; 100 MiB are free"):
        cold.copies(target(), program(MIB))


def test_this_machine_has_a_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert MIB <= cold.last_level_caches() < 8 << 30


def test_words_for_captions() -> None:
    def made(rotation: Rotation | None) -> Measurement:
        return Measurement(Case("t", "matvec", "f32", Shape(1, 1)), Status.OK, rotation=rotation)

    assert operand_words([made(None)]) == "operands: warm cache"
    assert (
        operand_words([made(Rotation(5, 320 * MIB)), made(None)])
        == "operands: caches bypassed, 5 copies, 320 MiB"
    )
    both = [made(Rotation(2, 64 * MIB)), made(Rotation(64, 65 * MIB))]
    assert operand_words(both) == "operands: caches bypassed, 2 to 64 copies, 64 MiB or more"
    assert Rotation(1, 512 * MIB).words == "caches bypassed: larger than the caches, 512 MiB"


def test_a_cold_run_is_verified_and_says_what_it_was(supervisor: Supervisor, targets: list[Target]) -> None:
    """On every target; the GPUs run what suits them all."""
    names = {Runtime.WGSL: "f32", Runtime.WASM: "f32-simd", Runtime.NUMPY: "f32"}
    shape = Shape(256, 300)
    cases = tuple(
        Case(t.id, "matvec", v.name, shape, v.defaults(t))
        for t in targets
        for v in variants()
        if (v.workload, v.name, v.runtime) == ("matvec", names.get(t.runtime), t.runtime)
    )
    session, _ = take_session(supervisor, targets, Plan(cases, settings=Settings(seconds=0.05, cold=True)))
    for row in rows(session, workloads()):
        assert row.ok, row.measurement.reason
        rotation = row.measurement.rotation
        assert rotation is not None
        assert rotation.copies > 1
        assert rotation.bytes >= (64 * MIB if not row.target.is_cpu else 2 * MIB)
        assert rotation.words in row.note
