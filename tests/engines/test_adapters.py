"""Names of adapters: several of the same name must be told apart."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from wgpu.backends.wgpu_native import lib

from app.core.errors import KernelscopeError, LimitError
from app.core.program import Layout, Program
from app.core.sketch import sketch
from app.core.target import PACKED_DOT, FeatureState, Target
from app.engines.limits import check_gpu
from app.engines.webgpu import _Engine, physical
from app.engines.webgpu.adapters import describe, identify, order
from app.engines.webgpu.descriptions import MOST, keep, recall
from app.engines.webgpu.dxc import SHADER_MODEL, extras, find_dxc
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
    infos.insert(1, infos[0] | {"backend_type": "D3D12"})

    def places(infos: list[dict[str, Any]]) -> list[str]:
        return [one.place if one else "" for one in physical.as_vulkan_lists(infos)]

    assert places(infos) == ["0000:17:00.0", "", "id 12345678", "0000:65:00.0", ""]
    assert places(infos[:2]) == ["", ""], "nobody asks where there is one, and that software"
    assert places([infos[0] | {"adapter_type": "DiscreteGPU"}]) == ["0000:17:00.0"]


def test_vulkan_itself_lists_what_the_adapters_are(targets: list[Target]) -> None:
    adapters = [target for target in targets if target.backend == "Vulkan" and target.engine == "webgpu"]
    if not adapters:
        pytest.skip("no Vulkan here")
    assert [one.name for one in physical.physical_devices()].count(adapters[0].name) >= 1
    assert all(one.lanes in (0, 4, 8, 16, 32, 64) and one.free >= 0 for one in physical.physical_devices())
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
from typing import Any
from app.engines.webgpu import ENGINE, _Engine
first = ENGINE.targets()
opened = ENGINE.awake
again = _Engine()
second = again.targets()
asleep = again.awake
broken = [path.write_text("{ damaged") for path in Path(FOLDER).rglob("adapter-*")]
third = _Engine().targets()
aside = list(Path(FOLDER).rglob("*.damaged"))
if second:
    again.open(second[0])
counts = len(broken), len(aside)
print(json.dumps([len(first), opened, first == second == third, asleep, again.awake, *counts]))
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
    count, opened, same, asleep, awake, files, aside = json.loads(done.stdout.splitlines()[-1])
    if not count:
        pytest.skip("no GPU here")
    assert len(opened) == files == aside == count
    assert same
    assert asleep == []
    assert len(awake) == 1


class Card:
    """A made-up adapter; ``opened`` counts the times that somebody asked for its device."""

    def __init__(self, bus: str, backend: str = "Vulkan", kind: str = "DiscreteGPU", **limits: int) -> None:
        self.bus, self.opened = bus, 0
        self.features = {"shader-f16", "timestamp-query", "subgroup"}
        self.limits = {name.replace("_", "-"): value for name, value in limits.items()}
        self.info = {
            **info("Card 9", backend, "driver 1.2"),
            "adapter_type": kind,
            "vendor_id": 0x10DE,
            "device_id": 0x2330,
        }

    def request_device_sync(self, **_: object) -> None:
        self.opened += 1
        raise RuntimeError("it sleeps too deeply")


def described(card: Card, dxc: bool = False, **more: object) -> Target:
    return describe(card, card.info | more, None, "card", "Card", dxc)


def test_listing_describes_a_card(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A first search opens none; what did not open is tried by the next, and left out."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    cards = [Card("0000:17:00.0"), Card("0000:65:00.0")]
    told = [Physical(0x10DE, 0x2330, "Card 9", card.bus, "", 32, 70 << 30) for card in cards]
    monkeypatch.setattr("wgpu.gpu.enumerate_adapters_sync", lambda: list(cards))
    monkeypatch.setattr(physical, "physical_devices", lambda: list(told))
    engine = _Engine()
    found = engine.targets()
    assert [target.label for target in found] == [f"Card 9 (Vulkan, {card.bus})" for card in cards]
    assert [card.opened for card in cards] == [0, 0]
    assert engine.free == {target.id: 70 << 30 for target in found}
    assert {target.properties["subgroup size"] for target in found} == {"32 lanes by the driver's list"}
    assert {target.properties["timer"] for target in found} == {"GPU time stamps (not tried yet)"}
    assert found[0].feature("subgroups").state is FeatureState.SUPPORTED
    assert found[0].feature(PACKED_DOT).state is FeatureState.SUPPORTED
    with pytest.raises(KernelscopeError, match="sleeps"):
        engine.open(found[1])
    assert engine.targets() == found[:1]
    assert engine.left_out == ["Card 9 (Vulkan, 0000:65:00.0) does not open (it sleeps too deeply)"]
    assert [card.opened for card in cards] == [0, 2]


def test_descriptions_of_the_last_drivers_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each by its version; an equal card has a place and a budget of its own, and the same description."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    card = Card("0000:17:00.0")

    def told(version: int, **more: object) -> dict[str, Any]:
        return card.info | {"description": f"driver {version}", **more}

    for version in range(MOST + 5):
        keep(card, told(version, place="0000:17:00.0", free=1), described(card, description=str(version)))
    assert len(list(tmp_path.rglob("adapter-*"))) == MOST
    last = recall(card, told(MOST + 4, place="0000:65:00.0", free=2), "twin", "Twin")
    assert last is not None
    assert (last.id, last.driver, last.properties["place"]) == ("twin", str(MOST + 4), "0000:65:00.0")
    assert recall(card, told(MOST + 5), "new", "New") is None


@pytest.mark.parametrize(
    ("backend", "dxc", "state", "compilers"),
    [
        ("Vulkan", False, FeatureState.SUPPORTED, "to SPIR-V, then the driver's (driver 1.2)"),
        ("OpenGL", False, FeatureState.EMULATED, "to GLSL, then the driver's (driver 1.2)"),
        ("Metal", False, FeatureState.EMULATED, "to MSL, then Metal's compiler"),
        ("D3D12", False, FeatureState.EMULATED, "to HLSL, then FXC"),
        ("D3D12", True, FeatureState.SUPPORTED, "to HLSL, then DXC"),
    ],
)
def test_both_compilers_are_named_and_what_they_spell_out(
    backend: str, dxc: bool, state: FeatureState, compilers: str
) -> None:
    target = described(Card("", backend), dxc)
    assert target.feature(PACKED_DOT).state is state
    assert target.properties["shader compiler"].endswith(compilers)


def test_limits_that_wgpu_sets_are_called_its_own() -> None:
    both = {"max_buffer_size": 2**31 - 1, "max_storage_buffer_binding_size": 2**31 - 1}
    words = "2 GiB in maxBufferSize and maxStorageBufferBindingSize"
    assert described(Card("", **both)).properties["limits of wgpu"] == words
    assert "limits of wgpu" not in described(Card("", max_buffer_size=1 << 40)).properties
    layout = Layout({"a": sketch((1 << 30,))}, {}, (np.dtype(np.float32), 1), lambda: ())
    for limit, words in ((2**31 - 1, "2147483647, a limit of wgpu's own"), (1 << 27, "134217728")):
        with pytest.raises(LimitError, match=f"maxBufferSize is {words}$"):
            check_gpu(Program("", layout), {"maxBufferSize": limit})


def test_dxc_is_found_on_the_path_then_in_sdks_the_newest_first(tmp_path: Path) -> None:
    kits, sdk, bin = tmp_path / "kits", tmp_path / "sdk", tmp_path / "bin"
    environment = {"PATH": str(bin), "VULKAN_SDK": str(sdk), "PROCESSOR_ARCHITECTURE": "AMD64"}
    assert find_dxc(environment, kits) is None
    for file in (
        *(kits / f"10.0.{version}.0" / "x64" for version in (9999, 22621, 19041)),
        *(sdk / "Bin", bin),
    ):
        file.mkdir(parents=True)
        (file / "dxcompiler.dll").touch()
        expected = kits / "10.0.22621.0" / "x64" if file.name == "x64" and "9999" not in str(file) else file
        assert find_dxc(environment, kits) == expected / "dxcompiler.dll"
    assert extras(environment, "linux") == {}
    assert extras(environment, "win32")["dxc_path"] == str(bin / "dxcompiler.dll")


def test_dxc_is_asked_for_shader_model_6_5() -> None:
    """In the words of wgpu-py, which cuts what is above 6.0 to a whole number."""
    assert int((SHADER_MODEL - 6.0) * 1.0) == lib.WGPUDxcMaxShaderModel_V6_5
