"""What tells of a GPU before any driver is asked, and why Vulkan may not offer it.

Only the standard library is used: ``run.py`` asks before anything is installed.
"""

import os
from collections.abc import Iterator, Mapping
from glob import glob
from pathlib import Path

MESA = "mesa-vulkan-drivers"
VARIABLES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES", "VK_ADD_DRIVER_FILES")
"""Whoever sets one of these has seen to drivers."""

NVIDIA = "NVIDIA_VISIBLE_DEVICES"
NOBODY = ("", "void", "none")
"""What that variable says in containers that are to have no GPU."""

NODES = ("dev/nvidia[0-9]*", "dev/dri/renderD*", "dev/kfd", "dev/dxg")
MANIFESTS = tuple(
    f"{folder}/vulkan/icd.d" for folder in ("etc", "usr/local/etc", "usr/share", "usr/local/share")
)
NVIDIA_FOLDERS = ("usr/local/nvidia/lib64", "usr/local/nvidia/lib", "usr/lib/wsl/lib")
NVIDIA_LIBRARY = "libGLX_nvidia.so.0"
LIBRARY_FOLDERS = (*NVIDIA_FOLDERS, "usr/lib64", "usr/lib", "usr/lib/*-linux-gnu")

VENDORS = {"0x1002": "an AMD GPU", "0x8086": "an Intel GPU"}
OURS = {"0x1002": ("radeon", "amd"), "0x8086": ("intel",)}


def signs(root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> list[str]:
    """The device nodes, libraries and variables that tell of a GPU, or of a driver somebody has chosen."""
    found = [f"/{name}" for pattern in NODES for name in sorted(glob(pattern, root_dir=root))]
    found += [f"/{name}" for name in _found(root, LIBRARY_FOLDERS, NVIDIA_LIBRARY)]
    found += [name for name in VARIABLES if environment.get(name)]
    return found + ([NVIDIA] if environment.get(NVIDIA, "") not in NOBODY else [])


def cards(root: Path = Path("/")) -> int:
    """How many GPUs the device nodes tell of."""
    return max(len(glob(pattern, root_dir=root)) for pattern in ("dev/nvidia[0-9]*", "dev/dri/renderD*"))


def manifests_beside_nvidia(root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> list[str]:
    """Manifests of drivers that lie beside NVIDIA's libraries, where Vulkan's loader does not look."""
    own = filter(None, environment.get("LD_LIBRARY_PATH", "").split(os.pathsep))
    folders = [*map(Path, own), *(root / folder for folder in NVIDIA_FOLDERS)]
    there = [
        file
        for folder in folders
        if (folder / NVIDIA_LIBRARY).exists()
        for place in (
            folder,
            folder / "vulkan/icd.d",
            folder.parent / "vulkan/icd.d",
            folder.parent / "share/vulkan/icd.d",
        )
        for file in sorted(place.glob("nvidia*icd*.json"))
    ]
    return list({file.name: str(file) for file in reversed(there)}.values())


def advice(root: Path = Path("/"), environment: Mapping[str, str] = os.environ) -> str:
    """Why Vulkan does not offer a GPU that there are signs of, and the one thing to do; empty without."""
    return next(_advice(root, environment), "")


def _advice(root: Path, environment: Mapping[str, str]) -> Iterator[str]:
    known = [Path(name).name for name in _found(root, MANIFESTS, "*.json")]
    container = any((root / name).exists() for name in (".dockerenv", "run/.containerenv"))
    visible = environment.get(NVIDIA, "") not in NOBODY
    if glob("dev/nvidia[0-9]*", root_dir=root) or visible:
        library = bool(_found(root, LIBRARY_FOLDERS, NVIDIA_LIBRARY))
        if not library and (container or visible):
            yield (
                "an NVIDIA GPU is here, and what Vulkan needs of its driver is not in this container: "
                "start it with NVIDIA_DRIVER_CAPABILITIES=all"
            )
        elif not library:
            yield (
                "an NVIDIA GPU is here without its Vulkan driver: install NVIDIA's libraries for graphics "
                "(on Debian the package nvidia-vulkan-icd)"
            )
        elif not any("nvidia" in name for name in known):
            yield (
                f"an NVIDIA GPU is here and {NVIDIA_LIBRARY} too, but no manifest names it: install the "
                "package with nvidia_icd.json, or name that file by VK_DRIVER_FILES"
            )
    for node in glob("dev/dri/renderD*", root_dir=root):
        if not os.access(root / node, os.R_OK | os.W_OK):
            yield f"/{node} may not be opened: add yourself to the group that owns it (render or video)"
        vendor = _text(root / "sys/class/drm" / Path(node).name / "device/vendor")
        if vendor in OURS and not any(name.startswith(OURS[vendor]) for name in known):
            yield f"{VENDORS[vendor]} is here without a Vulkan driver: install {MESA}"
    if (root / "dev/kfd").exists() and not glob("dev/dri/renderD*", root_dir=root):
        yield "an AMD GPU is here for ROCm alone: give the container /dev/dri too (--device=/dev/dri)"
    if (root / "dev/dxg").exists() and not any(name.startswith("dzn") for name in known):
        yield f"WSL2 offers its GPU to Vulkan through Mesa's driver over D3D12 alone: install {MESA}"


def _found(root: Path, folders: tuple[str, ...], name: str) -> list[str]:
    return [file for folder in folders for file in sorted(glob(f"{folder}/{name}", root_dir=root))]


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
