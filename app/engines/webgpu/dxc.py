"""DXC, a compiler of HLSL that knows 16-bit floats, subgroups and packed dot products, as FXC does not."""

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

NAME = "dxcompiler.dll"
KITS = Path("C:/Program Files (x86)/Windows Kits/10/bin")
MACHINES = {"AMD64": "x64", "ARM64": "arm64"}

SHADER_MODEL = 11.0
"""Asks wgpu-py 0.32 for 6.5: it takes 6.0 off and cuts the rest to a whole number, which makes 6.0 of 6.5."""


def extras(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> dict[str, Any]:
    """What wgpu's instance has to be told so that D3D12 takes DXC; nothing where there is none."""
    found = find_dxc(environment) if platform == "win32" else None
    if found is None:
        return {}
    return {"dx12_compiler": "Dxc", "dxc_path": str(found), "dxc_max_shader_model": SHADER_MODEL}


def find_dxc(environment: Mapping[str, str] = os.environ, kits: Path = KITS) -> Path | None:
    """The library of DXC on the path, in Vulkan's SDK or in the newest Windows SDK; None where it is not."""
    return next((file for file in _places(environment, kits) if file.is_file()), None)


def _places(environment: Mapping[str, str], kits: Path) -> Iterator[Path]:
    for folder in filter(None, environment.get("PATH", "").split(os.pathsep)):
        yield Path(folder) / NAME
    if sdk := environment.get("VULKAN_SDK"):
        yield Path(sdk) / "Bin" / NAME
    machine = MACHINES.get(environment.get("PROCESSOR_ARCHITECTURE", ""), "x64")
    for version in sorted(kits.glob("10.*"), key=_number, reverse=True):
        yield version / machine / NAME


def _number(folder: Path) -> list[int]:
    return [int(part) for part in folder.name.split(".") if part.isdigit()]
