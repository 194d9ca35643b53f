"""What is known of a machine: kept per machine and size class, and never a reason to fail."""

import json
import logging
import re
import threading
from pathlib import Path

import msgspec
import pytest

from app.core.ceilings import Ceilings, Link
from app.core.errors import KernelscopeError
from app.core.plan import Case, Plan
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.tuning import Tuning, size_class
from app.core.variant import Parameter, Variant
from app.figures.statistics import Ratio
from app.machine.store import Store
from app.machine.tuned import tunable, with_tuned
from tests.findings.test_rows import target, variant

GPU, OTHER = target("gpu"), target("other")
VERSIONS = {"webgpu": {"wgpu": "1.0"}}
TUNED = msgspec.structs.replace(
    variant("f32"),
    parameters=(Parameter("size", gpu=64, cpu=64, choices=(32, 64)), Parameter("fixed", gpu=1, cpu=1)),
)
SHAPE = Shape(512, 512)


def tuning(size: int = 32, shape: Shape = SHAPE, date: str = "2026-02-03T04:05:06Z") -> Tuning:
    return Tuning(
        workload="matvec",
        variant="f32",
        runtime="wgsl",
        shape=shape,
        parameters={"size": size, "fixed": 1},
        defaults={"size": 64, "fixed": 1},
        seconds=1e-3,
        default_seconds=2e-3,
        speedup=Ratio(2.0, 1.9, 2.1),
        tried=2,
        stop="all were tried",
        date=date,
    )


def find(store: Store, where: object = GPU, shape: Shape = SHAPE) -> Tuning | None:
    return store.tuning(where, "matvec", "f32", Runtime.WGSL, shape)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(VERSIONS, tmp_path / "profile")


def test_what_is_kept_is_found_for_its_machine_and_size_class_alone(store: Store) -> None:
    assert find(store) is None
    store.keep_tuning(GPU, tuning())
    assert find(store) == tuning()
    assert find(store, shape=Shape(300, 1000)) == tuning()
    assert find(store, shape=Shape(1024, 1024)) is None
    assert find(store, shape=Shape(64, 4096)) is None
    assert find(store, where=OTHER) is None
    newer = Store({"webgpu": {"wgpu": "1.1"}}, store.folder)
    assert find(newer) is None
    other_driver = msgspec.structs.replace(GPU, driver="newer")
    assert find(store, where=other_driver) is None
    assert store.tunings(GPU) == [tuning()]
    store.forget_tuning(GPU, tuning())
    assert find(store) is None


def test_size_classes() -> None:
    """A factor of four in the side; a vector of n counts as a square of n elements; slender shapes apart."""
    assert [size_class(Shape(n, n)) for n in (1, 4, 255, 256, 512, 1023, 1024, 4096)] == [
        *("1-3", "4-15", "64-255", "256-1023", "256-1023", "256-1023", "1024-4095", "4096-16383"),
    ]
    assert size_class(Shape(512, 512, 512)) == "256-1023"
    assert size_class(Shape(1 << 20)) == "1024-4095"
    assert size_class(Shape(32768, 2048)) == "4096-16383 tall"
    assert size_class(Shape(128, 2048, 2048)) == "256-1023 wide"


def test_what_version_1_kept_is_known_still(store: Store) -> None:
    """It had rows, columns and depth in the place of sizes."""
    store.keep_tuning(GPU, tuning())
    (path,) = store.folder.glob("*.json")
    raw = json.loads(path.read_text())
    rows, columns = raw["tuning"]["shape"]["sizes"]
    raw["tuning"]["shape"] = {"rows": rows, "columns": columns, "depth": None}
    path.write_text(json.dumps({**raw, "schema_version": 1}))
    assert store.tunings(GPU) == [tuning()]
    path.write_text(json.dumps({**raw, "schema_version": 0}))
    assert store.tunings(GPU) == []


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"schema_version": 1}', b"[" * 100_000], ids=range(6)
)
def test_a_damaged_file_is_ignored_and_rewritten(
    damage: bytes, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.keep_tuning(GPU, tuning())
    (path,) = store.folder.iterdir()
    path.write_bytes(damage)
    with caplog.at_level(logging.WARNING):
        assert find(store) is None
        assert store.tunings(GPU) == []
    assert path.name in caplog.text
    store.keep_tuning(GPU, tuning(64))
    assert find(store) == tuning(64)


@pytest.mark.parametrize("damage", ["garbage", "no speed", "no end", "folder"])
def test_what_is_damaged_is_set_aside_and_not_looked_at_again(
    damage: str, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    store.keep_tuning(GPU, tuning())
    (path,) = store.folder.iterdir()
    if damage == "garbage":
        path.write_bytes(b"garbage")
    elif damage == "no speed":
        path.write_text(re.sub(r'"seconds": [^,]*', '"seconds": 0', path.read_text()))
    elif damage == "no end":
        path.unlink()
        path.symlink_to("/dev/zero")
    else:
        path.unlink()
        path.mkdir()
    with caplog.at_level(logging.WARNING):
        assert find(store) is None
    assert "set aside" in caplog.text
    assert [entry.name for entry in store.folder.iterdir()] == [f"{path.name}.damaged"]
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        assert store.tunings(GPU) == []
    assert not caplog.text


def test_a_foreign_file_is_ignored(store: Store) -> None:
    """A record that lies under another one's name, or that a newer version wrote."""
    store.keep_tuning(GPU, tuning())
    (mine,) = store.folder.iterdir()
    store.keep_tuning(OTHER, tuning(64))
    (theirs,) = set(store.folder.iterdir()) - {mine}
    mine.write_bytes(theirs.read_bytes())
    assert find(store) is None
    mine.write_text(theirs.read_text().replace('"schema_version": 1', '"schema_version": 99'))
    assert find(store) is None


def test_two_writers_lose_nothing(tmp_path: Path) -> None:
    shapes = [Shape(4**i, 4**i) for i in range(1, 9)]

    def write(half: list[Shape], size: int) -> None:
        own = Store(VERSIONS, tmp_path)
        for shape in half * 5:
            own.keep_tuning(GPU, tuning(size, shape))

    threads = [threading.Thread(target=write, args=(shapes[i::2], 32)) for i in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store = Store(VERSIONS, tmp_path)
    assert [find(store, shape=shape) for shape in shapes] == [tuning(32, shape) for shape in shapes]
    assert not list(tmp_path.glob(".*"))


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KernelscopeError, match="cannot be written"):
        Store(VERSIONS, tmp_path / "file" / "profile").keep_tuning(GPU, tuning())


def test_ceilings_are_kept_for_their_probes(store: Store) -> None:
    ceilings = Ceilings(date="2026-02-03T04:05:06Z", read=1e9, flops={"f32": 2e9}, upload=Link(1e-5, 1e9))
    store.keep_ceilings(GPU, ["copy/f32"], ceilings)
    assert store.ceilings(GPU, ["copy/f32"]) == ceilings
    assert store.ceilings(GPU, ["copy/f32", "fma/f32"]) is None
    assert store.ceilings(OTHER, ["copy/f32"]) is None


def test_plans_take_what_was_tuned_and_say_when(store: Store) -> None:
    store.keep_tuning(GPU, tuning())
    defaults = {"size": 64, "fixed": 1}
    cases = [Case("gpu", "matvec", "f32", shape, defaults) for shape in (SHAPE, Shape(2048, 2048))]
    small, large = with_tuned(Plan(tuple(cases)), [GPU], [TUNED], store).cases
    assert (small.parameters, small.tuned) == ({"size": 32, "fixed": 1}, "2026-02-03")
    assert (large.parameters, large.tuned) == (defaults, "")


def test_what_a_text_was_written_for_stays(store: Store) -> None:
    store.keep_tuning(GPU, tuning())
    written, free = (
        Case("gpu", "matvec", "f32", shape, {"size": 64, "fixed": 1}) for shape in (SHAPE, Shape(400, 400))
    )
    kept, tuned = with_tuned(Plan((written, free)), [GPU], [TUNED], store, keep=[written]).cases
    assert kept == written
    assert tuned.parameters["size"] == 32


def test_a_tuning_that_the_variant_no_longer_offers_is_passed_over(store: Store) -> None:
    store.keep_tuning(GPU, tuning(size=77))
    case = Case("gpu", "matvec", "f32", SHAPE, {"size": 64, "fixed": 1})
    assert with_tuned(Plan((case,)), [GPU], [TUNED], store).cases == (case,)


def test_without_its_checks_a_kernel_runs_with_its_twins_parameters(store: Store) -> None:
    store.keep_tuning(GPU, tuning())
    twin = msgspec.structs.replace(TUNED, name="f32+unchecked", checked=False)
    case = Case("gpu", "matvec", "f32+unchecked", SHAPE, {"size": 64, "fixed": 1})
    (tuned,) = with_tuned(Plan((case,)), [GPU], [TUNED, twin], store).cases
    assert tuned.parameters == {"size": 32, "fixed": 1}


def test_only_what_has_a_choice_and_runs_here_is_tuned() -> None:
    without = msgspec.structs.replace(TUNED, name="fixed", parameters=TUNED.parameters[1:])
    lacking: Variant = msgspec.structs.replace(TUNED, name="f16", requires=("shader-f16",))
    cases = tunable([GPU], [TUNED, without, lacking], [SHAPE])
    assert [(case.variant, case.parameters) for case in cases] == [("f32", {"size": 64, "fixed": 1})]
