"""What Vulkan's loader lists here: the manifests of drivers, and the layers that load by themselves.

The rules are the loader's own, for Linux: variables come first, then folders of the user and of the system.
What lies beside NVIDIA's libraries, as in some containers, is listed too.
"""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from app.signs import manifests_beside_nvidia
from app.system import read_regular

FILES = ("VK_DRIVER_FILES", "VK_ICD_FILENAMES")
"""Each names the manifests, or folders of them, in the place of all others; the first that is set holds."""

ADDED = "VK_ADD_DRIVER_FILES"
SELECT, DISABLE = "VK_LOADER_DRIVERS_SELECT", "VK_LOADER_DRIVERS_DISABLE"
LAYERS_OFF = "VK_LOADER_LAYERS_DISABLE"
LAYERS_ON = ("VK_INSTANCE_LAYERS", "VK_LOADER_LAYERS_ENABLE")

ELSEWHERE = ("win32", "darwin")
NONE = "/nonexistent"
"""What stands for no driver at all."""

LARGEST = 1 << 20
"""Bytes of a manifest."""

_HOMES = {"XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share"}
_LISTS = {"XDG_CONFIG_DIRS": "/etc/xdg", "XDG_DATA_DIRS": "/usr/local/share:/usr/share"}
_FIXED = ("/usr/local/etc", "/etc")


class Layer(Struct, frozen=True):
    """A layer that loads without being asked by us: its manifest, or the variable that names it.

    ``off`` holds the variables with which it does not load; there are none for a manifest that spoils the
    loader's search itself and lies where no variable leads.
    """

    name: str
    off: dict[str, str]


def drivers(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The manifests of the drivers; none where Vulkan finds them elsewhere, or is not what is used."""
    if sys.platform in ELSEWHERE:
        return []
    named = next((value for name in FILES if (value := environment.get(name))), None)
    if named is None:
        added = _expanded(environment.get(ADDED, ""))
        usual = [file for _, file in _found("icd.d", environment)]
        files = [*added, *usual, *strays(usual, environment)]
    else:
        files = _expanded(named)
    return [file for file in dict.fromkeys(files) if _wanted(Path(file).name, environment)]


def strays(usual: Iterable[str], environment: Mapping[str, str] = os.environ) -> list[str]:
    """Manifests beside NVIDIA's libraries, unless one of that name is where the loader looks."""
    names = {Path(file).name for file in usual}
    return [f for f in manifests_beside_nvidia(environment=environment) if Path(f).name not in names]


def has_strays(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there are drivers that the loader uses only where all are named."""
    if sys.platform in ELSEWHERE or any(environment.get(name) for name in FILES):
        return False
    return bool(strays([file for _, file in _found("icd.d", environment)], environment))


def driver_fault(file: str) -> str:
    """Why the loader can make nothing of a driver's manifest; empty where it can."""
    content, why = manifest(file)
    if why:
        return why
    entry = content.get("ICD") if isinstance(content, dict) else None
    library = entry.get("library_path") if isinstance(entry, dict) else None
    if not isinstance(library, str) or not library:
        return 'it names no library ("ICD" has no "library_path")'
    if "/" in library:
        path = Path(file).parent / library
        if not path.exists():
            return f"its library {library} is missing"
        if _kind(path) not in ("", _kind(Path("/proc/self/exe"))):
            return f"its library {library} is none for this program"
    return ""


def _kind(program: Path) -> str:
    """For which processors a program or library is, in ELF's words; empty where it cannot be read."""
    try:
        head = read_regular(program, _ELF_HEAD)
    except (OSError, ValueError):
        return ""
    return (head[:6] + head[18:20]).hex()


_ELF_HEAD = 20


def layers(environment: Mapping[str, str] = os.environ) -> list[Layer]:
    """The implicit layers, and those that variables name."""
    if sys.platform in ELSEWHERE:
        return []
    found = [Layer(f"{name}={environment[name]}", {name: ""}) for name in LAYERS_ON if environment.get(name)]
    for variable, file in _found("implicit_layer.d", environment):
        content, why = manifest(file)
        if why:
            found.append(Layer(file, _without_folder(variable, file, environment)))
            continue
        found += [Layer(file, off) for off in _switches(content)]
    return found


def layer_fault(file: str) -> str:
    """Why a layer's manifest cannot be read, at which some loaders give up altogether; empty where it can."""
    return manifest(file)[1] if file.startswith("/") else ""


def joined(parts: list[dict[str, str]]) -> dict[str, str]:
    """Several layers' ``off`` in one: lists of names grow, folders are left out of each list of folders."""
    together: dict[str, str] = {}
    for part in parts:
        for name, value in part.items():
            known = together.get(name)
            together[name] = value
            if name == LAYERS_OFF and known:
                together[name] = f"{known},{value}"
            elif name in _LISTS and known:
                kept = value.split(os.pathsep)
                together[name] = os.pathsep.join(f for f in known.split(os.pathsep) if f in kept) or NONE
    return together


def _expanded(value: str) -> list[str]:
    """Files as they are named, folders as the manifests in them."""
    files: list[str] = []
    for name in filter(None, value.split(os.pathsep)):
        files += _manifests(Path(name)) if os.path.isdir(name) else [name]
    return [file for file in files if file != NONE]


def _manifests(folder: Path) -> list[str]:
    try:
        return sorted(str(file) for file in folder.iterdir() if file.suffix == ".json")
    except OSError:
        return []


def _found(kind: str, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The manifests of one kind in every folder that is searched, each with the variable that leads there."""
    for variable, folder in _folders(environment):
        for file in _manifests(Path(folder) / "vulkan" / kind):
            yield variable, file


def _folders(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    home = environment.get("HOME", "")
    for own, shared in zip(_HOMES, _LISTS, strict=True):
        if folder := environment.get(own) or (f"{home}/{_HOMES[own]}" if home else ""):
            yield own, folder
        for folder in filter(None, (environment.get(shared) or _LISTS[shared]).split(os.pathsep)):
            yield shared, folder
        if own == "XDG_CONFIG_HOME":
            yield from (("", folder) for folder in _FIXED)


def _without_folder(variable: str, file: str, environment: Mapping[str, str]) -> dict[str, str]:
    """The variable that led to ``file``, leading there no more."""
    if not variable:
        return {}
    if variable in _HOMES:
        return {variable: NONE}
    folder = str(Path(file).parents[2])
    rest = (environment.get(variable) or _LISTS[variable]).split(os.pathsep)
    return {variable: os.pathsep.join(f for f in rest if f and str(Path(f)) != folder) or NONE}


def _wanted(name: str, environment: Mapping[str, str]) -> bool:
    """Whether the loader's filters let a manifest of that name pass."""

    def matches(variable: str) -> bool:
        patterns = environment.get(variable, "").lower().split(",")
        return any(fnmatch(name.lower(), pattern) for pattern in patterns if pattern)

    selected = matches(SELECT)
    return selected or (not environment.get(SELECT) and not matches(DISABLE))


def _switches(content: object) -> Iterator[dict[str, str]]:
    """What switches each layer of a manifest off: its name for new loaders, a variable for old ones."""
    entries = (content.get("layers") or [content.get("layer")]) if isinstance(content, dict) else ()
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("name"), str):
            own = entry.get("disable_environment")
            own = own if isinstance(own, dict) else {}
            yield {LAYERS_OFF: entry["name"], **{str(name): str(value) for name, value in own.items()}}


def manifest(file: str) -> tuple[object, str]:
    """What a manifest holds, and why it cannot be read; what stands behind its end the loader ignores too."""
    try:
        data = read_regular(Path(file), LARGEST)
    except (OSError, ValueError) as error:
        return None, (error.strerror if isinstance(error, OSError) else "") or str(error)
    if len(data) > LARGEST:
        return None, f"it is larger than {LARGEST >> 20} MiB"
    try:
        text = data.decode("utf-8-sig", "replace").lstrip()
        return json.JSONDecoder().raw_decode(text)[0], ""
    except (ValueError, RecursionError):
        return None, "it is no JSON"
