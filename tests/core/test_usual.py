"""The targets that run by default, on machines made up of what adapters there may be."""

import pytest

from app.catalog.choose import choose_usual_targets
from app.core.errors import KernelscopeError
from app.core.target import Runtime, Target
from app.core.usual import PEER, usual_targets, why_unusual


def adapter(
    name: str, backend: str, gpu: str, kind: str = "DiscreteGPU", driver: str = "1", engine: str = "webgpu"
) -> Target:
    label = f"{name} ({backend}{', ' + gpu.partition('@')[2] if '@' in gpu else ''})"
    id = f"{name}-{backend}-{gpu.partition('@')[2]}-{driver}".lower().strip("-")
    return Target(id, label, engine, Runtime.WGSL, name, backend, driver, kind, gpu=gpu)


SOFT = (
    adapter("llvmpipe", "Vulkan", "10005:0000", "CPU"),
    adapter("llvmpipe", "OpenGL", "10005:0000", "CPU"),
)
WASM = Target("wasmtime", "wasmtime", "wasmtime", Runtime.WASM, "wasmtime", "Cranelift", "50", "CPU")
H100 = [adapter("H100", "Vulkan", f"10de:2330@{bus}") for bus in ("17", "65", "a1")]
H100_GL = adapter("H100/PCIe/SSE2", "OpenGL", "10de:0000", "Unknown")
BASIC = adapter("Microsoft Basic Render Driver", "D3D12", "1414:008c", "CPU")


def reasons(*targets: Target) -> dict[str, str]:
    found = why_unusual(targets)
    assert [t.id for t in usual_targets(targets)] == [t.id for t in targets if t.id not in found]
    return found


def test_a_library_runs_where_it_is_asked_for_and_numpy_everywhere() -> None:
    numpy = Target("numpy", "NumPy", "native", Runtime.NUMPY, "NumPy", "", "", "CPU")
    ort = Target("onnxruntime", "ORT", "onnxruntime", Runtime.ONNX, "ORT", "", "", "CPU")
    assert reasons(*SOFT, numpy, ort) == {"onnxruntime": PEER}
    assert choose_usual_targets([*SOFT, numpy, ort], ["peers"]) == [numpy, ort]


def test_software_alone_runs_as_a_whole() -> None:
    assert reasons(*SOFT, WASM) == {}


def test_software_beside_a_gpu_runs_when_asked_for() -> None:
    assert reasons(H100[0], *SOFT, WASM) == dict.fromkeys((t.id for t in SOFT), "software, beside a GPU")


def test_equal_cards_count_once() -> None:
    found = reasons(*H100, WASM)
    assert found == {card.id: "a card like H100 (Vulkan, 17)" for card in H100[1:]}


def test_a_gpu_runs_by_its_best_backend() -> None:
    windows = [adapter("RX 6800", backend, "1002:73bf") for backend in ("D3D12", "OpenGL", "Vulkan")]
    found = reasons(*windows, BASIC)
    assert found == {
        windows[0].id: "the same GPU as RX 6800 (Vulkan), through D3D12",
        windows[1].id: "the same GPU as RX 6800 (Vulkan), through OpenGL",
        BASIC.id: "software, beside a GPU",
    }
    assert reasons(windows[0], windows[1]) == {
        windows[1].id: "the same GPU as RX 6800 (D3D12), through OpenGL"
    }
    assert reasons(windows[1]) == {}


def test_opengl_tells_no_device_and_goes_by_the_vendor() -> None:
    t4 = adapter("Tesla T4", "Vulkan", "10de:1eb8")
    intel = adapter("UHD 620", "Vulkan", "8086:3ea0", "IntegratedGPU")
    assert reasons(t4, H100[0], intel, H100_GL) == {
        H100_GL.id: "the same GPU as H100 (Vulkan, 17), through OpenGL"
    }
    assert reasons(intel, H100_GL) == {}, "another vendor's"


def test_two_drivers_of_one_card_count_once() -> None:
    radv, amdvlk = (adapter("RX 6800", "Vulkan", "1002:73bf@03", driver=d) for d in ("radv", "amdvlk"))
    assert reasons(radv, amdvlk) == {amdvlk.id: "the same GPU as RX 6800 (Vulkan, 03), by another driver"}


def test_different_cards_and_browsers_all_run() -> None:
    discrete, integrated = H100[0], adapter("UHD 620", "Vulkan", "8086:3ea0", "IntegratedGPU")
    browser = adapter("H100", "WebGPU", "", engine="browser")
    assert reasons(discrete, integrated, browser) == {}
    metal = [adapter(name, "Metal", "0000:0000") for name in ("Apple M4", "AMD Pro")]
    assert reasons(*metal) == {}


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ((), [H100[0], WASM]),
        (("wgsl",), [H100[0]]),
        (("webgpu", "wasm"), [H100[0], WASM]),
        (("all",), [*H100, H100_GL, *SOFT, WASM]),
        (("llvmpipe*",), list(SOFT)),
        ((H100[2].id,), [H100[2]]),
        (("*",), [*H100, H100_GL, *SOFT, WASM]),
    ],
)
def test_words_of_the_command_line(words: tuple[str, ...], chosen: list[Target]) -> None:
    assert choose_usual_targets([*H100, H100_GL, *SOFT, WASM], words) == chosen


def test_a_word_that_matches_nothing_is_said() -> None:
    with pytest.raises(KernelscopeError, match="no target matches 'v8'"):
        choose_usual_targets([WASM], ["v8"])
