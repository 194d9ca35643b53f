"""What is said and installed on machines whose nodes, libraries and manifests are made up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run
from app import signs
from app.core.events import Log
from app.engines.webgpu.adapters import OVER_D3D12
from app.worker import loader, workers
from app.worker.drivers import ENGINE, Drivers
from tests.conftest import ROOT

NVIDIA, LIBRARY = "dev/nvidia0", "usr/lib/x86_64-linux-gnu/libGLX_nvidia.so.0"
RENDER, VENDOR = "dev/dri/renderD128", "sys/class/drm/renderD128/device/vendor"
ICD = "usr/share/vulkan/icd.d"


def machine(root: Path, files: dict[str, str]) -> Path:
    """A root with these files."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


ADVICE = [
    ({}, {}, ""),
    ({f"{ICD}/lvp_icd.x86_64.json": ""}, {}, ""),
    ({NVIDIA: "", ".dockerenv": ""}, {}, "NVIDIA_DRIVER_CAPABILITIES=all"),
    ({}, {"NVIDIA_VISIBLE_DEVICES": "all"}, "NVIDIA_DRIVER_CAPABILITIES=all"),
    ({}, {"NVIDIA_VISIBLE_DEVICES": "void"}, ""),
    ({NVIDIA: ""}, {}, "nvidia-vulkan-icd"),
    ({NVIDIA: "", LIBRARY: ""}, {}, "no manifest names it"),
    ({NVIDIA: "", LIBRARY: "", f"{ICD}/nvidia_icd.json": ""}, {}, ""),
    ({RENDER: "", VENDOR: "0x1002\n"}, {}, "an AMD GPU is here without a Vulkan driver"),
    ({RENDER: "", VENDOR: "0x8086\n", f"{ICD}/radeon_icd.json": ""}, {}, "an Intel GPU is here without"),
    ({RENDER: "", VENDOR: "0x8086\n", f"{ICD}/intel_icd.json": ""}, {}, ""),
    ({RENDER: "", VENDOR: "0x1af4\n"}, {}, ""),
    ({"dev/kfd": ""}, {}, "--device=/dev/dri"),
    ({"dev/dxg": ""}, {}, "WSL2"),
    ({"dev/dxg": "", f"{ICD}/dzn_icd.json": ""}, {}, ""),
]


@pytest.mark.parametrize(("files", "environment", "words"), ADVICE, ids=range(len(ADVICE)))
def test_one_thing_to_do(
    files: dict[str, str], environment: dict[str, str], words: str, tmp_path: Path
) -> None:
    found = signs.advice(machine(tmp_path, files), environment)
    assert words in found
    assert bool(words) == bool(found)
    assert "\n" not in found


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may open everything")
def test_a_node_that_may_not_be_opened_is_named(tmp_path: Path) -> None:
    root = machine(tmp_path, {RENDER: "", VENDOR: "0x1002\n"})
    (root / RENDER).chmod(0)
    assert signs.advice(root, {}).startswith(f"/{RENDER} may not be opened")


SIGNS = [
    ({}, {}, []),
    ({"dev/dri/card0": "", "dev/null": "", "dev/nvidiactl": ""}, {"LD_LIBRARY_PATH": "/x"}, []),
    ({NVIDIA: "", RENDER: ""}, {}, [f"/{NVIDIA}", f"/{RENDER}"]),
    ({LIBRARY: ""}, {}, [f"/{LIBRARY}"]),
    ({}, {"VK_DRIVER_FILES": "/a.json", "NVIDIA_VISIBLE_DEVICES": "0"}, ["VK_DRIVER_FILES", signs.NVIDIA]),
    ({"dev/dxg": "", "dev/kfd": ""}, {"NVIDIA_VISIBLE_DEVICES": "none"}, ["/dev/kfd", "/dev/dxg"]),
]


@pytest.mark.parametrize(("files", "environment", "found"), SIGNS, ids=range(len(SIGNS)))
def test_what_tells_of_a_gpu(
    files: dict[str, str], environment: dict[str, str], found: list[str], tmp_path: Path
) -> None:
    assert signs.signs(machine(tmp_path, files), environment) == found


def test_a_search_may_take_longer_where_there_are_several_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert signs.cards(machine(tmp_path, {NVIDIA: "", "dev/nvidiactl": "", RENDER: ""})) == 1
    assert signs.cards(machine(tmp_path, {"dev/nvidia1": "", "dev/nvidia-uvm": ""})) == 2
    monkeypatch.setattr(workers, "cards", lambda: 8)
    own = workers.Workers()
    first, *rest = own.find_targets(["native"])
    assert rest == []  # other engines wait for no card
    assert not isinstance(first, Log)
    assert next(own.find_targets(["webgpu"])) == Log("info", workers.SLOW)  # before any worker starts
    own.close()
    assert workers.find_seconds() == 120
    monkeypatch.setattr(workers, "cards", lambda: 1)
    assert workers.find_seconds() == 30


def test_mesa_is_installed_only_where_nothing_tells_of_a_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    there = run.SYSTEM[run.MESA]
    for manifests, found, expected in ((False, [], False), (False, ["/dev/dxg"], True), (True, [], True)):
        monkeypatch.setattr(run, "has_file", lambda *given, answer=manifests: answer)
        monkeypatch.setattr(run, "signs", lambda answer=found: answer)
        assert there() is expected


def test_the_first_start_says_what_to_do_and_later_ones_are_silent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "SYSTEM", {"here1": lambda: True})
    monkeypatch.setattr(run, "advice", lambda: "a GPU is here: do this")
    monkeypatch.setattr(run.sys, "platform", "linux")
    stamp = run.provide_system({"here1"}, {})
    assert capsys.readouterr().err == "A GPU is here: do this.\n"
    run.provide_system({"here1"}, stamp)
    assert capsys.readouterr().err == ""


def test_only_the_standard_library_is_needed() -> None:
    code = "import sys; sys.path.insert(0, '.'); import app.signs; print('msgspec' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_manifests_beside_nvidias_libraries_are_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = "opt/nvidia/lib64/libGLX_nvidia.so.0"
    manifest = "opt/nvidia/share/vulkan/icd.d/nvidia_icd.json"
    root = machine(tmp_path, {library: "", manifest: '{"ICD": {"library_path": "x.so"}}', "opt/icd.json": ""})
    environment = {"LD_LIBRARY_PATH": str((root / library).parent)}
    assert signs.manifests_beside_nvidia(root, environment) == [str(root / manifest)]
    (root / library).unlink()
    assert signs.manifests_beside_nvidia(root, environment) == []
    (root / library).touch()
    for name in (*loader.FILES, loader.ADDED):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", environment["LD_LIBRARY_PATH"])
    assert loader.drivers()[-1] == str(root / manifest)
    assert Drivers().environment(ENGINE)["VK_DRIVER_FILES"].split(":") == [
        file for file in loader.drivers() if not loader.driver_fault(file)
    ]
    usual = machine(tmp_path / "data", {"vulkan/icd.d/nvidia_icd.json": '{"ICD": {"library_path": "x.so"}}'})
    monkeypatch.setenv("XDG_DATA_HOME", str(usual))
    assert str(root / manifest) not in loader.drivers(), "one of that name is where the loader looks"
    assert "VK_DRIVER_FILES" not in Drivers().environment(ENGINE)
    monkeypatch.setenv("VK_DRIVER_FILES", "/chosen.json")
    assert loader.drivers() == ["/chosen.json"]


def test_drivers_that_pass_no_tests_are_marked() -> None:
    assert OVER_D3D12.search("Microsoft Direct3D12 (NVIDIA GeForce RTX 3080)")
    assert OVER_D3D12.search("dzn 25.0")
    assert not OVER_D3D12.search("NVIDIA GeForce RTX 3080 580.1")
