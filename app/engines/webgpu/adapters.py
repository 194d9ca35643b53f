"""Adapters as targets: who they are, and which features they have, lack or hide."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import wgpu

from app.core.target import BACKENDS, LANGUAGE, NATIVE, PACKED_DOT, Feature, FeatureState, Runtime, Target
from app.engines.limits import WGPUS_OWN
from app.engines.webgpu.device import BINDING_NAMES, GpuDevice
from app.engines.webgpu.dxc import NAME

LANGUAGE_FEATURES = {
    PACKED_DOT: "dot4U8Packed and dot4I8Packed: four 8-bit products an instruction",
    "readonly_and_readwrite_storage_textures": "storage textures that are read",
    "unrestricted_pointer_parameters": "pointers to workgroup and storage memory as parameters",
    "pointer_composite_access": "member access through a pointer without dereferencing it",
}
NOT_COMPILED = ("unrestricted_pointer_parameters",)
"""Those that the naga of this wgpu refuses, on whatever adapter: nothing has to be opened to know."""

LANGUAGES = {"Vulkan": "SPIR-V", "OpenGL": "GLSL", "Metal": "MSL", "D3D12": "HLSL"}
"""What naga makes of WGSL for each backend; another compiler takes it on."""

FXC, DXC = "FXC", "DXC"
POLYFILLED = {"OpenGL": "GLSL", "Metal": "MSL", "D3D12": f"HLSL for {FXC}"}
"""Backends whose shader language has no packed dot product, so naga spells it out in scalar code."""

SIZES = ("max-buffer-size", "max-storage-buffer-binding-size")

OVER_D3D12 = re.compile(r"Direct3D12|\bdzn\b", re.IGNORECASE)
NOT_CONFORMANT = "Mesa's driver over D3D12 is no conformant Vulkan: results and features may be wrong"

KINDS = ("DiscreteGPU", "IntegratedGPU", "", "CPU")
"""The order of adapters everywhere; what is neither of these comes before software."""


def order(info: Mapping[str, Any]) -> tuple[int, int, str]:
    """What sorts adapters: drivers list them in no fixed order, and names must stay from start to start."""
    kind, backend = str(info["adapter_type"]), str(info["backend_type"])
    place = KINDS.index(kind) if kind in KINDS else KINDS.index("")
    rank = BACKENDS.index(backend) if backend in BACKENDS else len(BACKENDS)
    return place, rank, f"{info['device']} {info['description']}"


def identify(infos: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """An id and a label for each adapter: unique by name and backend, then driver, place, and index."""
    labels = [f"{_short_name(info)} ({info['backend_type']})" for info in infos]
    for tell in (_short_driver, place_of):
        labels = _told_apart(labels, [tell(info) for info in infos])
    seen: Counter[str] = Counter()
    named = []
    for label in labels:
        seen[label] += 1
        unique = label if seen[label] == 1 else f"{label} #{seen[label]}"
        named.append((re.sub(r"[^a-z0-9.]+", "-", unique.lower()).strip("-"), unique))
    return named


def _told_apart(labels: list[str], tags: list[str]) -> list[str]:
    """Each label with its tag, where labels are equal and tags are not."""
    different: dict[str, set[str]] = {}
    for label, tag in zip(labels, tags, strict=True):
        different.setdefault(label, set()).add(tag)
    return [
        f"{label[:-1]}, {tag})" if tag and len(different[label]) > 1 else label
        for label, tag in zip(labels, tags, strict=True)
    ]


def place_of(info: Mapping[str, Any]) -> str:
    """The bus address or unique id; "" where it is not known."""
    return str(info.get("place", ""))


def gpu_of(info: Mapping[str, Any]) -> str:
    """The physical GPU behind an adapter: ``10de:2330``, with ``@`` and its place where that is known."""
    return f"{info['vendor_id']:04x}:{info['device_id']:04x}" + (
        f"@{place_of(info)}" if place_of(info) else ""
    )


def _short_name(info: Mapping[str, Any]) -> str:
    return re.sub(r"\s*\(.*\)", "", info["device"]).strip() or info["vendor"] or "unnamed adapter"


def _short_driver(info: Mapping[str, Any]) -> str:
    mesa = re.search(r"Mesa [\d.]+", info["description"])
    return mesa[0] if mesa else info["description"] or info["vendor"]


def describe(
    adapter: Any,
    info: Mapping[str, Any],
    device: GpuDevice | None,
    identity: str,
    label: str,
    dxc: bool = False,
) -> Target:
    """The target behind ``adapter``, with the state and reason of every feature.

    Without its ``device`` it is what listing tells: its clock is not tried, and what its driver offers and
    then refuses is not known. With ``dxc``, D3D12 compiles by that.
    """
    return Target(
        id=identity,
        label=label,
        engine="webgpu",
        runtime=Runtime.WGSL,
        name=info["device"],
        backend=info["backend_type"],
        driver=info["description"] or info["vendor"],
        kind=info["adapter_type"],
        features=(*_web(adapter, device), *_language(info["backend_type"], dxc), *_native(adapter)),
        limits={_camel(name): int(value) for name, value in sorted(adapter.limits.items())}
        | _least_lanes(info, device),
        gpu=gpu_of(info),
        note=NOT_CONFORMANT if OVER_D3D12.search(f"{info['device']} {info['description']}") else "",
        properties={
            "vendor": info["vendor"] or "unknown",
            **({"place": place_of(info)} if place_of(info) else {}),
            "timer": device.timer if device else _untried(adapter),
            **_lanes(info, device),
            "shader compiler": _compilers(info, dxc),
            **_limits_of_wgpu(adapter),
        },
    )


def _untried(adapter: Any) -> str:
    clock = "GPU time stamps" if "timestamp-query" in adapter.features else "wall clock"
    return f"{clock} (not tried yet)"


def _lanes(info: Mapping[str, Any], device: GpuDevice | None) -> dict[str, str]:
    """Lanes of a subgroup in the kernel that was asked; a driver may choose others for other kernels."""
    if device:
        return {"subgroup size": f"{device.subgroup_size} lanes in the probe"} if device.subgroup_size else {}
    listed = info.get("lanes")
    return {"subgroup size": f"{listed} lanes by the driver's list"} if listed else {}


def _least_lanes(info: Mapping[str, Any], device: GpuDevice | None) -> dict[str, int]:
    """Lanes that every subgroup has: on a CPU adapter its vectors decide that, whatever the kernel."""
    lanes = device.subgroup_size if device else info.get("lanes")
    return {"subgroupMinSize": int(lanes)} if lanes and info["adapter_type"] == "CPU" else {}


def _compilers(info: Mapping[str, Any], dxc: bool) -> str:
    """Both steps: naga, and what makes code for the GPU of that."""
    backend = str(info["backend_type"])
    second = {"D3D12": DXC if dxc else FXC, "Metal": "Metal's compiler"}
    then = second.get(backend, f"the driver's ({_short_driver(info)})")
    return (
        f"naga ({wgpu.__name__} {wgpu.__version__}) to {LANGUAGES.get(backend, 'its language')}, then {then}"
    )


def _limits_of_wgpu(adapter: Any) -> dict[str, str]:
    """Limits that are wgpu's choice, and tell nothing of the card."""
    names = [name for name in SIZES if adapter.limits.get(name) == WGPUS_OWN]
    return {"limits of wgpu": f"2 GiB in {' and '.join(map(_camel, names))}"} if names else {}


def _web(adapter: Any, device: GpuDevice | None) -> list[Feature]:
    """Every optional feature that WebGPU names."""
    return [_web_feature(name, adapter, device) for name in wgpu.FeatureName]


def _web_feature(name: str, adapter: Any, device: GpuDevice | None) -> Feature:
    if name == "core-features-and-limits":
        return Feature(name, FeatureState.SUPPORTED, "every adapter of this binding is a core adapter")
    asked = BINDING_NAMES.get(name, name)
    if asked not in adapter.features:
        return Feature(name, FeatureState.MISSING, "the adapter does not offer it", _unlock(adapter, name))
    if device and asked in device.requested and asked not in device.features:
        return Feature(name, FeatureState.BLOCKED, "the adapter offers it, the device came without it")
    return Feature(name, FeatureState.SUPPORTED, "offered by the adapter")


def _unlock(adapter: Any, name: str) -> str:
    if adapter.info["backend_type"] == "OpenGL" and name in ("shader-f16", "subgroups"):
        return "use the same GPU through Vulkan, Metal or D3D12"
    return "another adapter, backend or newer driver"


def _language(backend: str, dxc: bool) -> list[Feature]:
    """WGSL language features: what naga compiles, and what it spells out for want of an instruction."""
    found = []
    for name, use in LANGUAGE_FEATURES.items():
        if name in NOT_COMPILED:
            feature = Feature(
                name, FeatureState.MISSING, "naga does not compile it", "a newer wgpu", LANGUAGE
            )
        elif name == PACKED_DOT and backend in POLYFILLED and not (backend == "D3D12" and dxc):
            reason = f"{POLYFILLED[backend]} has no such instruction: naga spells it out"
            unlock = (
                f"{DXC} ({NAME}) on the path" if backend == "D3D12" else "use the same GPU through Vulkan"
            )
            feature = Feature(name, FeatureState.EMULATED, reason, unlock, LANGUAGE)
        else:
            feature = Feature(name, FeatureState.SUPPORTED, f"compiles; {use}", group=LANGUAGE)
        found.append(feature)
    return found


def _native(adapter: Any) -> list[Feature]:
    """What the adapter offers beyond WebGPU; wgpu-native cannot switch cooperative matrices on."""
    web = {BINDING_NAMES.get(name, name) for name in wgpu.FeatureName}
    found = [
        Feature(name, FeatureState.SUPPORTED, "offered by the adapter", group=NATIVE)
        for name in sorted(adapter.features - web - {"cooperative-matrix"})
    ]
    if "cooperative-matrix" in adapter.features:
        reason = "the adapter offers it; wgpu-native keeps it behind a switch that it does not expose"
        state, unlock = FeatureState.BLOCKED, "a browser with experimental WebGPU features"
    else:
        reason, state, unlock = (
            "the adapter does not offer it",
            FeatureState.MISSING,
            "a GPU with matrix units",
        )
    trusted = Feature(
        "trusted-shaders", FeatureState.SUPPORTED, "naga leaves out checks when asked", group=NATIVE
    )
    return [Feature("cooperative-matrix", state, reason, unlock, NATIVE), trusted, *found]


def _camel(name: str) -> str:
    """``max-buffer-size`` as WebGPU spells it: ``maxBufferSize``."""
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
