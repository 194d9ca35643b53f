"""What a bug report needs, as one text: versions, adapters, driver files, settings and the end of the log.

It is made to be shown to strangers, so the user's name and folders are taken out of it.
"""

import getpass
import os
import platform
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path

from app import __version__
from app.core.foreign import as_line
from app.core.target import FeatureState, Target
from app.figures import units
from app.storage.folders import data_folder, log_file
from app.system import open_regular
from app.worker import loader
from app.worker.host import describe_host

LIBRARIES = (
    *("wgpu", "wasmtime", "mini-racer", "numpy", "PySide6-Essentials", "pyqtgraph", "msgspec", "jinja2"),
    *("aiohttp", "rich", "typer", "psutil", "platformdirs"),
)
VARIABLES = re.compile(
    r"VK_|WGPU|LIBGL|MESA|GALLIUM|LP_|__GL|__EGL|QT_|XDG_SESSION|WAYLAND_DISPLAY$|DISPLAY$|LANG$|LC_ALL$"
    r"|LD_LIBRARY_PATH$|OPENBLAS|OMP_|CUDA"
)
"""Names of environment variables that drivers, Qt and BLAS listen to."""

OWN = "KERNELSCOPE"
"""What our own begin with: whether they are set is enough to know, and what with may open a door."""

_PATHS = re.compile(r"PATH|FILE|DIR|FOLDER|LAYERS?$", flags=re.IGNORECASE)
"""Names of variables whose entries are paths, whether or not there is a slash in one."""

_SEPARATORS = re.compile(r"([:;,])")
_FILE = re.compile(r"[^\\/]+\.(?:json|so[.\d]*|dll|dylib|conf|cfg|ini)", flags=re.ASCII | re.IGNORECASE)
"""What may be told of a path's end: the name of a driver's file, but not that of a folder."""

EGL_FOLDERS = ("/etc/glvnd/egl_vendor.d", "/usr/share/glvnd/egl_vendor.d")
LOG_BYTES = 64 << 10
MOST_FILES = 10_000
LARGEST_SETTINGS = 1 << 20

SYSTEM = (
    *(
        "/usr/",
        "/etc/",
        "/lib/",
        "/lib32/",
        "/lib64/",
        "/opt/",
        "/proc/",
        "/sys/",
        "/dev/",
        "/bin/",
        "/sbin/",
    ),
    "/nonexistent/",
)
_SIGN = r"[^\s/\\:;,'\"<>|()]"
_NAME = rf"{_SIGN}(?:[^\n/\\:;,'\"<>|()]*{_SIGN})?"
"""A folder's name; there may be blanks in it, but not at its ends, where words of a sentence would begin."""

_FOLDERS = rf"(?:{_NAME}/)+"
_PATH = re.compile(
    rf"file:///{_FOLDERS}|(?<![\w.~/-])/(?!/){_FOLDERS}|~[\w.-]*/{_FOLDERS}"
    rf"|(?:\b[A-Za-z]:[\\/]|\\\\)(?:{_NAME}[\\/])+"
)
"""The folders of a path, on any system; what follows is the file's name."""


def report(targets: Sequence[Target], versions: Mapping[str, str], notes: Iterable[str] = ()) -> str:
    """The whole text; ``versions`` are what the engines answered, ``notes`` what they had to say besides."""
    sections = {
        "Kernelscope": _versions(versions),
        "Adapters and engines": _targets(targets, notes),
        "Driver files": _drivers(),
        "Environment": _environment(),
        "Data folder": _data(),
        "Settings": _lines(settings_file(), LARGEST_SETTINGS),
        "End of the log": _lines(log_file(), LOG_BYTES),
    }
    parts = []
    for title, lines in sections.items():
        parts += [f"## {title}", *(as_line(line).rstrip() for line in lines), ""]
    return without_names("\n".join(parts))


def settings_file() -> Path:
    """The file in which Qt keeps the window's settings, found without Qt."""
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming"))
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "Kernelscope" / "Kernelscope.ini"


def without_names(text: str) -> str:
    """``text`` without the user's and the machine's name, and without folders that are not the system's."""
    for folder, short in ((str(Path.home()), "~"), (os.getcwd(), ".")):
        if len(folder) > 1:
            text = text.replace(folder, short)
    text = _PATH.sub(_shortened, text)
    for name, stand_in in ((_user(), "USER"), (platform.node(), "HOST")):
        if name:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", stand_in, text)
    return text


def _shortened(path: re.Match[str]) -> str:
    if path[0].startswith(SYSTEM):
        first, *rest = path[0].split(" ", 1)  # what comes after a blank may be of another path
        return f"{first} …/" if rest else first
    return "~/…/" if path[0].startswith("~/") else "…/"


def _environment() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if name.startswith(OWN):
            yield f"{name} is set"
        elif VARIABLES.match(name):
            paths = bool(_PATHS.search(name))
            yield f"{name}={''.join(_entry(part, paths) for part in _SEPARATORS.split(value))}"


def _entry(text: str, is_path: bool) -> str:
    """One entry of a variable's list; a path that is not the system's keeps the name of a driver's file."""
    if not text or _SEPARATORS.fullmatch(text) or not (is_path or "/" in text or "\\" in text):
        return text
    path = os.path.normpath(text)
    if f"{path}/".startswith(SYSTEM):
        return path
    name = re.split(r"[\\/]", path)[-1]
    return f"…/{name}" if _FILE.fullmatch(name) else "…/"


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _versions(engines: Mapping[str, str]) -> Iterator[str]:
    host = describe_host(dict(engines))
    yield f"Kernelscope {__version__}, {platform.python_implementation()} {platform.python_version()}"
    yield f"{host.system}; {platform.version()}"
    yield f"{host.processor}, {host.core_words}, {units.bytes_(host.memory)}"
    yield ", ".join(f"{name} {number}" for name, number in sorted(engines.items())) or "no engine answered"
    yield ", ".join(f"{name} {_installed(name)}" for name in LIBRARIES)


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _targets(targets: Sequence[Target], notes: Iterable[str]) -> Iterator[str]:
    yield from notes
    for target in targets:
        yield f"{target.id}: {target.label}; {target.name}; {target.backend}; {target.driver}; {target.kind}"
        if target.note:
            yield f"  {target.note}"
        yield "  " + ", ".join(f"{name} {value}" for name, value in target.properties.items())
        for state in FeatureState:
            names = [feature.name for feature in target.features if feature.state is state]
            if names:
                yield f"  {state.value}: {', '.join(names)}"
        yield "  " + ", ".join(f"{name} {value}" for name, value in target.limits.items())


def _drivers() -> Iterator[str]:
    """The files by which Vulkan and EGL find their drivers, and whether the libraries they name are there."""
    names = (*loader.drivers(), *(layer.name for layer in loader.layers() if layer.name.startswith("/")))
    egl = (file for folder in EGL_FOLDERS for file in sorted(Path(folder).glob("*.json")))
    files = [*map(Path, dict.fromkeys(names)), *egl]
    for file in files:
        shown = file if _FILE.fullmatch(file.name) else _entry(str(file), True)
        content, why = loader.manifest(str(file))
        if why:
            yield f"{shown}: {why}"
            continue
        library = _library(content)
        there = "" if "/" not in library or (file.parent / library).exists() else " (missing)"
        own = library.removeprefix("./")
        yield f"{shown}: {library if '/' not in own else _entry(library, True)}{there}"
    if not files:
        yield "none found"


def _library(content: object) -> str:
    """The library that a driver's JSON names, whatever kind of driver it is."""
    entries = content.values() if isinstance(content, dict) else ()
    return next((str(e["library_path"]) for e in entries if isinstance(e, dict) and "library_path" in e), "?")


def _data() -> Iterator[str]:
    """Counts and sizes alone: what was measured, and what kernels are called, is nobody's business."""
    folder = data_folder()
    found: dict[str, list[int]] = {}
    for path in islice(folder.rglob("*"), MOST_FILES):
        if path.is_file() and not path.is_symlink():
            found.setdefault(str(path.relative_to(folder).parent), []).append(path.stat().st_size)
    for name, sizes in sorted(found.items()):
        yield f"{name}: {len(sizes)} {'file' if len(sizes) == 1 else 'files'}, {units.bytes_(sum(sizes))}"


def _lines(path: Path, most: int) -> Iterator[str]:
    """The end of a text file."""
    try:
        with open_regular(path) as file:
            file.seek(max(0, path.stat().st_size - most))
            yield from file.read(most).decode("utf-8", "replace").splitlines()
    except OSError as error:
        yield f"{path}: {error.strerror or error}"
