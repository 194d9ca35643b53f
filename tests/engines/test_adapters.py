"""Names of adapters: several of the same name must be told apart."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.target import Target
from app.engines.webgpu import physical
from app.engines.webgpu.adapters import identify, order
from app.engines.webgpu.physical import Physical
from tests.conftest import ROOT


def info(device: str, backend: str, description: str) -> dict[str, str]:
    return {"device": device, "backend_type": backend, "description": description, "vendor": "v"}


def test_names_stay_short_until_two_collide() -> None:
    pipe = "llvmpipe (LLVM 15.0.6, 256 bits)"
    assert identify(
        [info(pipe, "Vulkan", "Mesa 22.3.6 (LLVM 15.0.6)"), info(pipe, "OpenGL", "4.5 Mesa 22.3.6")]
    ) == [
        ("llvmpipe-vulkan", "llvmpipe (Vulkan)"),
        ("llvmpipe-opengl", "llvmpipe (OpenGL)"),
    ]
    assert identify([info(pipe, "Vulkan", "Mesa 22.3.6"), info(pipe, "Vulkan", "Mesa 25.0.7-2~bpo12+1")]) == [
        ("llvmpipe-vulkan-mesa-22.3.6", "llvmpipe (Vulkan, Mesa 22.3.6)"),
        ("llvmpipe-vulkan-mesa-25.0.7", "llvmpipe (Vulkan, Mesa 25.0.7)"),
    ]


def test_twins_carry_the_address_of_their_bus_or_their_id() -> None:
    twin = info("NVIDIA H200", "Vulkan", "580.1")
    first, second = twin | {"place": "0000:17:00.0"}, twin | {"place": "0000:65:00.0"}
    assert identify([first, second, info("NVIDIA H200/PCIe", "OpenGL", "4.6")]) == [
        ("nvidia-h200-vulkan-0000-17-00.0", "NVIDIA H200 (Vulkan, 0000:17:00.0)"),
        ("nvidia-h200-vulkan-0000-65-00.0", "NVIDIA H200 (Vulkan, 0000:65:00.0)"),
        ("nvidia-h200-pcie-opengl", "NVIDIA H200/PCIe (OpenGL)"),
    ]
    other = info("NVIDIA H200", "Vulkan", "570.2") | {"place": "0000:17:00.0"}
    assert [label for _, label in identify([first, second, other])] == [
        "NVIDIA H200 (Vulkan, 580.1, 0000:17:00.0)",
        "NVIDIA H200 (Vulkan, 580.1, 0000:65:00.0)",
        "NVIDIA H200 (Vulkan, 570.2)",
    ]


def test_twins_that_nothing_tells_apart_are_numbered() -> None:
    twin = info("NVIDIA H200", "Vulkan", "580.1")
    assert identify([twin, twin]) == [
        ("nvidia-h200-vulkan", "NVIDIA H200 (Vulkan)"),
        ("nvidia-h200-vulkan-2", "NVIDIA H200 (Vulkan) #2"),
    ]


def test_places_go_to_adapters_in_vulkans_order(monkeypatch: pytest.MonkeyPatch) -> None:
    devices = [
        Physical(0x10DE, 0x2330, "H100", "0000:17:00.0", "a" * 32),
        Physical(0x1002, 0x73A0, "Other", "", "12345678-9abc"),
        Physical(0x10DE, 0x2330, "H100", "0000:65:00.0", "b" * 32),
        Physical(0x10005, 0, "soft", "", ""),
    ]
    monkeypatch.setattr(physical, "physical_devices", lambda: list(devices))
    infos = [
        {"vendor_id": d.vendor_id, "device_id": d.device_id, "device": d.name, "backend_type": "Vulkan"}
        for d in devices
    ]
    infos.insert(1, infos[0] | {"backend_type": "Dx12"})
    assert physical.places(infos) == ["0000:17:00.0", "", "id 12345678", "0000:65:00.0", ""]
    assert physical.places(infos[:2]) == ["", ""], "nobody asks where there is one"


def test_vulkan_itself_lists_what_the_adapters_are(targets: list[Target]) -> None:
    adapters = [target for target in targets if target.backend == "Vulkan" and target.engine == "webgpu"]
    if not adapters:
        pytest.skip("no Vulkan here")
    assert [one.name for one in physical.physical_devices()].count(adapters[0].name) >= 1
    known = {f"{one.vendor_id:04x}:{one.device_id:04x}" for one in physical.physical_devices()}
    assert {target.gpu.partition("@")[0] for target in adapters} <= known


def test_discrete_comes_before_integrated_and_software_last() -> None:
    kinds = ("CPU", "Unknown", "IntegratedGPU", "DiscreteGPU")
    infos = [
        info("x", backend, "d") | {"adapter_type": kind} for kind in kinds for backend in ("OpenGL", "Vulkan")
    ]
    infos.sort(key=order)
    assert [one["adapter_type"] for one in infos[::2]] == [*reversed(kinds)]
    assert [one["backend_type"] for one in infos[:2]] == ["Vulkan", "OpenGL"]


WAKING = """
import json
from pathlib import Path
from app.engines.webgpu import ENGINE, _Engine
first = ENGINE.targets()
opened = ENGINE.awake
again = _Engine()
second = again.targets()
asleep = again.awake
broken = [path.write_text("{ damaged") for path in Path(FOLDER).rglob("adapter-*")]
third = _Engine().targets()
if second:
    again.open(second[0])
print(json.dumps([len(first), opened, first == second == third, asleep, again.awake, len(broken)]))
"""


def test_a_search_wakes_nothing_that_is_described(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WAKING.replace("FOLDER", repr(str(tmp_path)))],
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    count, opened, same, asleep, awake, files = json.loads(done.stdout.splitlines()[-1])
    if not count:
        pytest.skip("no GPU here")
    assert len(opened) == files == count
    assert same
    assert asleep == []
    assert len(awake) == 1
