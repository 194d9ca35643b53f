"""The search for what spoils a search: the innocent stay, the guilty go, and it always ends."""

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from app.catalog.index import find
from app.core.events import TargetsFound
from app.core.measurement import Status
from app.core.plan import make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.worker import drivers, loader
from app.worker.drivers import ENGINE, Drivers, _Trial
from app.worker.supervisor import Supervisor
from tests.conftest import take_session

Spoils = Callable[[frozenset[str]], bool]

DRIVERS, LAYERS = ("a", "b", "c"), ("L", "M")


class Ended(Struct):
    """A worker as ``explain`` sees it."""

    alive: bool
    engine: str = ENGINE


def adapter(backend: str) -> Target:
    return Target(backend, backend, ENGINE, Runtime.WGSL, backend, backend, "driver", "CPU")


class Machine:
    """A made-up machine; ``dies`` and ``blinds`` say what a search comes to with all that is loaded."""

    def __init__(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: Spoils, blinds: Spoils) -> None:
        self.dies, self.blinds = dies, blinds
        self.searches = 0
        for name in DRIVERS:
            (tmp_path / f"{name}.json").write_text('{"ICD": {"library_path": "x.so"}}')
        folder = tmp_path / "vulkan" / "implicit_layer.d"
        folder.mkdir(parents=True)
        for name in LAYERS:
            (folder / f"{name}.json").write_text(f'{{"layer": {{"name": "{name}"}}}}')
        monkeypatch.setenv("VK_DRIVER_FILES", os.pathsep.join(str(tmp_path / f"{n}.json") for n in DRIVERS))
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
        monkeypatch.setenv("XDG_DATA_DIRS", loader.NONE)
        monkeypatch.setattr(drivers, "_search", self.trial)

    def loaded(self, environment: Mapping[str, str]) -> frozenset[str]:
        whole = {**os.environ, **environment}
        files = {Path(file).stem for file in loader.drivers(whole)}
        off = whole.get(loader.LAYERS_OFF, "").split(",")
        opengl = "gl" if drivers.NO_OPENGL.items() - whole.items() else ""
        return frozenset(filter(None, (*files, *((set(LAYERS) - set(off)) if files else ()), opengl)))

    def trial(self, environment: Mapping[str, str]) -> _Trial:
        self.searches += 1
        there = self.loaded(environment)
        if self.dies(there):
            return _Trial(False, False, "died")
        return _Trial(True, self.vulkan(there), "said")

    def vulkan(self, there: frozenset[str]) -> bool:
        return bool(there & set(DRIVERS)) and not self.blinds(there)

    def search(self, known: Drivers) -> tuple[frozenset[str], TargetsFound]:
        """What is loaded once no search is to be repeated, and the last word of it."""
        for _ in range(9):
            there = self.loaded(known.environment(ENGINE))
            dead = self.dies(there)
            backends = ["Vulkan"] * (self.vulkan(there) and not dead) + ["OpenGL"] * (
                "gl" in there and not dead
            )
            event = TargetsFound(ENGINE, tuple(adapter(name) for name in backends))
            worker: Any = Ended(alive=not dead)
            if not known.explain(worker, event):
                return there, known.noted(event)
        raise AssertionError("the search goes on for ever")


EVERY = frozenset((*DRIVERS, *LAYERS, "gl"))
PARTS = [frozenset(c) for c in chain.from_iterable(combinations(sorted(EVERY), n) for n in range(4))]


@pytest.mark.parametrize("guilty", PARTS, ids=lambda parts: "+".join(sorted(parts)) or "nobody")
def test_whatever_ends_a_search_goes_alone(
    guilty: frozenset[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, lambda there: bool(there & guilty), lambda there: False)
    there, event = machine.search(Drivers())
    left = EVERY - guilty
    assert there == (left if left & set(DRIVERS) else left - set(LAYERS))
    named = {Path(line.split(" ")[0]).stem for line in event.left_out}
    assert named == {"OpenGL" if part == "gl" else part for part in guilty & (there | guilty)}


def test_who_dies_only_together_costs_vulkan_and_not_opengl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, lambda there: {"a", "L", "M"} <= there, lambda there: False)
    there, event = machine.search(Drivers())
    assert there == {"gl"}
    assert event.left_out[0].startswith("Vulkan was left out: ")


def test_a_machine_on_which_every_search_dies_gives_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, lambda there: True, lambda there: False)
    there, event = machine.search(Drivers())
    assert there == frozenset()
    assert event.targets == ()


@pytest.mark.parametrize("guilty", [{"b"}, {"a", "c"}, {"M"}], ids=lambda parts: "+".join(sorted(parts)))
def test_whatever_hides_vulkan_goes_alone(
    guilty: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, lambda there: False, lambda there: bool(there & guilty))
    there, event = machine.search(Drivers())
    assert there == EVERY - guilty
    assert all(line.endswith(" was left out: said") for line in event.left_out)
    assert len(event.left_out) == len(guilty)


def test_drivers_that_find_nothing_stay_and_are_looked_into_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine(tmp_path, monkeypatch, lambda there: False, lambda there: True)
    known = Drivers()
    there, event = machine.search(known)
    assert there == EVERY
    assert [line.split("/")[-1] for line in event.left_out] == [
        f"{name}.json gives no adapter: said" for name in DRIVERS
    ]
    before = machine.searches
    machine.search(known)
    assert machine.searches == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("webgpu: ERROR:            loader_get_json:  broken ", "loader_get_json: broken"),
        ("webgpu: [Vulkan Loader] ERROR: libx.so: no such file", "libx.so: no such file"),
        ("webgpu: ERROR: setup: Failed to detect any valid GPUs in the current config", ""),
        ("webgpu: a greeting", ""),
    ],
)
def test_what_the_loader_complains_of(line: str, words: str) -> None:
    assert drivers._complaint(line) == words


def test_variables_without_effect_are_said_to_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu = Target("g", "G", ENGINE, Runtime.WGSL, "G", "Vulkan", "driver", "DiscreteGPU")
    monkeypatch.setenv("WGPU_BACKEND", "gl")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    one, two = (Drivers().noted(TargetsFound(ENGINE, (gpu,) * count)).left_out for count in (1, 2))
    assert [line.split(" ")[0] for line in one] == ["WGPU_BACKEND"]
    assert [line.split(" ")[0] for line in two] == ["WGPU_BACKEND", "CUDA_VISIBLE_DEVICES"]


def found(own: Supervisor) -> TargetsFound:
    (event,) = [e for e in own.find_targets(["webgpu"]) if isinstance(e, TargetsFound)]
    return event


def test_libraries_that_abort_and_manifests_that_are_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real driver and a real layer that end whoever loads them, beside files that are no manifests."""
    compiler = shutil.which("cc")
    if not compiler or not loader.drivers():
        pytest.skip("needs a C compiler and a Vulkan driver")
    library = tmp_path / "libbad.so"
    text = "#include <stdlib.h>\n__attribute__((constructor)) static void die(void) { abort(); }\n"
    subprocess.run([compiler, "-shared", "-fPIC", "-xc", "-", "-o", library], input=text.encode(), check=True)
    icds, implicit = tmp_path / "vulkan" / "icd.d", tmp_path / "vulkan" / "implicit_layer.d"
    for folder in (icds, implicit):
        folder.mkdir(parents=True)
    (icds / "bad.json").write_text(
        f'{{"ICD": {{"library_path": "{library}", "api_version": "1.3.0"}}, "file_format_version": "1.0.0"}}'
    )
    (icds / "broken.json").write_text("{ broken")
    (implicit / "layer.json").write_text(
        f'{{"file_format_version": "1.0.0", "layer": {{"name": "VK_LAYER_bad", "type": "GLOBAL", '
        f'"library_path": "{library}", "api_version": "1.3.0", "implementation_version": "1", '
        f'"description": "bad", "disable_environment": {{"NO_BAD": "1"}}}}}}'
    )
    usual = [file for file in loader.drivers() if not loader.driver_fault(file)]
    monkeypatch.setenv("VK_DRIVER_FILES", os.pathsep.join([*_software(usual), str(icds)]))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    own = Supervisor()
    try:
        event = found(own)
        assert {target.backend for target in event.targets} >= {"Vulkan"}
        assert {Path(line.split(" ")[0]).name: line.split(": ")[1] for line in event.left_out} == {
            "bad.json": "a search with it ended by SIGABRT",
            "broken.json": "it is no JSON",
            "layer.json": "a search with it ended by SIGABRT",
        }
    finally:
        own.close()


def _software(files: list[str]) -> list[str]:
    """Mesa's software driver where it is among them: others have no card to find here, and cost time."""
    return [file for file in files if "lvp" in file] or files


def test_what_does_not_open_is_listed_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mesa's compilers for absent cards come as an adapter that no device can be had of."""
    if not any("radeon" in file for file in loader.drivers()):
        pytest.skip("needs Mesa's driver for AMD")
    monkeypatch.setenv("RADV_FORCE_FAMILY", "navi21")
    own = Supervisor()
    try:
        listed = [target for target in found(own).targets if "NAVI21" in target.name]
        copy = [find("copy", "f32", Runtime.WGSL)]
        session, _ = take_session(own, listed, make_plan(listed, copy, [Shape(64)]))
        assert {case.status for case in session.measurements} <= {Status.FAILED}
        event = found(own)
    finally:
        own.close()
    assert not any("NAVI21" in target.name for target in event.targets)
    if not any("Null hardware" in line for line in event.left_out):
        pytest.skip("this Mesa makes no such adapter")
    assert "does not open (Parent device is lost)" in event.left_out[0]
