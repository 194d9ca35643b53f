"""Adapters as targets: who they are, and which features they have, lack or hide."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import wgpu

from app.core.target import BACKENDS, LANGUAGE, NATIVE, Feature, FeatureState, Runtime, Target
from app.engines.webgpu.device import BINDING_NAMES, GpuDevice

LANGUAGE_FEATURES = {
    "packed_4x8_integer_dot_product": "dot4U8Packed and dot4I8Packed: four 8-bit products an instruction",
    "readonly_and_readwrite_storage_textures": "storage textures that are read",
    "unrestricted_pointer_parameters": "pointers to workgroup and storage memory as parameters",
    "pointer_composite_access": "member access through a pointer without dereferencing it",
}
POLYFILLED = {"OpenGL": "GLSL", "Metal": "MSL"}
"""Backends whose shader language has no packed dot product, so naga spells it out in scalar code."""


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


def describe(adapter: Any, info: Mapping[str, Any], device: GpuDevice, identity: str, label: str) -> Target:
    """The target behind ``adapter``, with the state and reason of every feature."""
    return Target(
        id=identity,
        label=label,
        engine="webgpu",
        runtime=Runtime.WGSL,
        name=info["device"],
        backend=info["backend_type"],
        driver=info["description"] or info["vendor"],
        kind=info["adapter_type"],
        features=(*_web(adapter, device), *_language(adapter, device), *_native(adapter)),
        limits={_camel(name): int(value) for name, value in sorted(adapter.limits.items())},
        gpu=gpu_of(info),
        note=NOT_CONFORMANT if OVER_D3D12.search(f"{info['device']} {info['description']}") else "",
        properties={
            "vendor": info["vendor"] or "unknown",
            **({"place": place_of(info)} if place_of(info) else {}),
            "timer": device.timer,
            **({"subgroup size": f"{device.subgroup_size} lanes (probed)"} if device.subgroup_size else {}),
            "shader compiler": f"naga ({wgpu.__name__} {wgpu.__version__})",
        },
    )


def _web(adapter: Any, device: GpuDevice) -> list[Feature]:
    """Every optional feature that WebGPU names."""
    return [_web_feature(name, adapter, device) for name in wgpu.FeatureName]


def _web_feature(name: str, adapter: Any, device: GpuDevice) -> Feature:
    if name == "core-features-and-limits":
        return Feature(name, FeatureState.SUPPORTED, "every adapter of this binding is a core adapter")
    asked = BINDING_NAMES.get(name, name)
    if asked not in adapter.features:
        return Feature(name, FeatureState.MISSING, "the adapter does not offer it", _unlock(adapter, name))
    if asked in device.requested and asked not in device.features:
        return Feature(name, FeatureState.BLOCKED, "the adapter offers it, the device came without it")
    return Feature(name, FeatureState.SUPPORTED, "offered by the adapter")


def _unlock(adapter: Any, name: str) -> str:
    if adapter.info["backend_type"] == "OpenGL" and name in ("shader-f16", "subgroups"):
        return "use the same GPU through Vulkan, Metal or D3D12"
    return "another adapter, backend or newer driver"


def _language(adapter: Any, device: GpuDevice) -> list[Feature]:
    """WGSL language features, each probed by compiling a shader that requires it."""
    group = LANGUAGE
    found = []
    for name, use in LANGUAGE_FEATURES.items():
        backend = adapter.info["backend_type"]
        if not device.compiles(f"requires {name};\n@compute @workgroup_size(1) fn main() {{}}"):
            feature = Feature(name, FeatureState.MISSING, "naga does not compile it", "a newer wgpu", group)
        elif name.startswith("packed_4x8") and backend in POLYFILLED:
            reason = f"{POLYFILLED[backend]} has no such instruction: naga spells it out"
            feature = Feature(name, FeatureState.EMULATED, reason, "use the same GPU through Vulkan", group)
        else:
            feature = Feature(name, FeatureState.SUPPORTED, f"compiles; {use}", group=group)
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
