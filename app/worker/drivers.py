"""Vulkan's drivers: one that ends, hangs or spoils a search must not cost the adapters of the others."""

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from msgspec import Struct, structs

from app.core.events import Log, TargetsFound
from app.signs import advice
from app.worker import loader
from app.worker.process import Worker
from app.worker.protocol import FindTargets

ENGINE = "webgpu"
VULKAN = "Vulkan"

NO_OPENGL = {"__EGL_VENDOR_LIBRARY_FILENAMES": loader.NONE}
LOUD = {"VK_LOADER_DEBUG": "error"}

SECONDS = 20.0
"""How long a search with a single driver may say nothing."""

AT_ONCE = 4

IDLE = (
    *("WGPU_BACKEND", "WGPU_BACKEND_TYPE", "WGPU_ADAPTER_NAME", "WGPUPY_WGPU_ADAPTER_NAME"),
    "WGPU_POWER_PREF",
)
"""Variables that choose adapters for other programs over the same library."""

VISIBLE = ("CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES")
"""Variables that hide cards from CUDA and ROCm, and from nothing else."""


class _Trial(Struct, frozen=True):
    """A search in a process of its own: whether it ended well, found Vulkan, and the last thing it said."""

    ended: bool
    vulkan: bool
    last: str

    def good(self, dead: bool) -> bool:
        """Whether it did not show what is looked for: a search that dies, or one that finds no Vulkan."""
        return self.ended if dead else self.vulkan


class Drivers:
    """The drivers and layers that GPU workers load: all, until some have proved to be bad."""

    def __init__(self) -> None:
        self._without: dict[str, str] = {}
        """What is left out and why; nothing is said of what has no reason."""
        self._useless: dict[str, str] = {}
        """What finds nothing and why, where nothing else does either."""
        self._vulkan = True
        self._opengl = True
        self._looked = False

    def environment(self, engine: str) -> dict[str, str]:
        """What the worker of ``engine`` has to know besides."""
        if engine != ENGINE:
            return {}
        without = {**_unreadable(), **self._without}
        off = _off(layer for layer in loader.layers() if layer.name in without)
        if not self._vulkan:
            off |= _only(())
        elif without or loader.has_strays():
            off |= _only(file for file in loader.drivers() if file not in without)
        return off if self._opengl else off | NO_OPENGL

    def explain(self, worker: Worker, event: TargetsFound) -> bool:
        """Whether to search again, because what spoiled the search that ``event`` ends is left out now.

        Where a search died, what the loader lists is tried piece by piece; then Vulkan goes, and OpenGL last.
        One that found no Vulkan although drivers are listed is looked into once.
        """
        if worker.engine != ENGINE:
            return False
        if not worker.alive:
            if self._vulkan:
                if not self._find_guilty(dead=True):
                    self._vulkan = False
                return True
            before, self._opengl = self._opengl, False
            return before
        if self._looked or not self._vulkan or _has_vulkan(event):
            return False
        self._looked = True
        return self._find_guilty(dead=False)

    def noted(self, event: TargetsFound) -> TargetsFound:
        """``event`` with a line about each thing that was left out or has no effect."""
        if event.engine != ENGINE:
            return event
        left_out = {**_unreadable(), **self._without}
        words = [f"{name} was left out: {why}" for name, why in left_out.items() if why]
        words += [f"{name} gives no adapter: {why}" for name, why in self._useless.items() if why]
        if not self._vulkan:
            words.append(f"Vulkan was left out: {_WHOLE}")
        if not self._opengl:
            words.append(f"OpenGL was left out: {_WHOLE}")
        if all(target.is_cpu for target in event.targets) and (why := advice()):
            words.append(why)
        return structs.replace(event, left_out=(*event.left_out, *words, *_idle(event)))

    def _find_guilty(self, dead: bool) -> bool:
        """Leave out what makes a search die or find no Vulkan; whether it may do better now."""
        base = self.environment(ENGINE)
        known = {**_unreadable(), **self._without}
        files = [file for file in loader.drivers() if file not in known]
        layers = [layer for layer in loader.layers() if layer.off and layer.name not in known]
        if not files and not dead:
            return False
        bare = base | _off(layers, base) | NO_OPENGL
        (together,) = _try([bare | _only(files)])
        if not together.good(dead):
            alone = _try(bare | _only([file]) for file in files)
            bad = {f: trial.last for f, trial in zip(files, alone, strict=True) if not trial.good(dead)}
            if not dead and len(bad) == len(files):
                self._useless = bad
                return False
            self._without |= bad
            return bool(bad)
        with_one = [_off((o for o in layers if o != layer), base) | _only(files) for layer in layers]
        no_vulkan = base | _off(layers, base) | _only(())
        opengl, *each = _try((no_vulkan, *(base | one | NO_OPENGL for one in with_one)))
        guilty = {o.name: trial.last for o, trial in zip(layers, each, strict=True) if not trial.good(dead)}
        self._without |= guilty
        if dead and not opengl.ended:
            self._opengl = False
        return bool(guilty) or not self._opengl


_WHOLE = "with it no search for adapters ends, and no driver or layer of it is to blame alone"


def _only(files: Iterable[str]) -> dict[str, str]:
    """The variables that name these manifests alone, for loaders old and new."""
    named = os.pathsep.join(files) or loader.NONE
    return {**dict.fromkeys(loader.FILES, named), loader.ADDED: ""}


def _off(layers: Iterable[loader.Layer], base: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables with which these layers do not load, beside what ``base`` and the user switch off."""
    own = os.environ.get(loader.LAYERS_OFF)
    before = [{loader.LAYERS_OFF: own}] if own else []
    return loader.joined([*before, dict(base or {}), *(layer.off for layer in layers)])


def _unreadable() -> dict[str, str]:
    """Manifests of which the loader can make nothing, and why: at some it gives up altogether."""
    faults = {file: loader.driver_fault(file) for file in loader.drivers()}
    faults |= {layer.name: loader.layer_fault(layer.name) for layer in loader.layers()}
    return {file: why for file, why in faults.items() if why}


def _has_vulkan(event: TargetsFound) -> bool:
    """Whether there is an adapter of Vulkan's, be it one that does not open."""
    return any(target.backend == VULKAN for target in event.targets) or any(
        f"({VULKAN}" in line for line in event.left_out
    )


def _idle(event: TargetsFound) -> list[str]:
    """What the user may have set to choose adapters, to no effect."""
    several = sum(not target.is_cpu for target in event.targets) > 1
    names = [name for name in (*IDLE, *(VISIBLE if several else ())) if os.environ.get(name)]
    return [f"{name} has no effect here: choose among the targets themselves" for name in names]


def _try(environments: Iterable[Mapping[str, str]]) -> list[_Trial]:
    """A search with each of these, some at a time."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(_search, environments))


def _search(environment: Mapping[str, str]) -> _Trial:
    worker = Worker(ENGINE, {**environment, **LOUD})
    said = ""
    try:
        worker.send(FindTargets())
        while event := worker.receive(SECONDS):
            if isinstance(event, TargetsFound):
                return _Trial(True, _has_vulkan(event), said)
            if isinstance(event, Log):
                said = _complaint(event.text) or said
    except EOFError as error:
        return _Trial(False, False, f"a search with it {error}")
    finally:
        worker.end()
    return _Trial(False, False, f"a search with it did not answer in {SECONDS:g} s")


def _complaint(line: str) -> str:
    """What the loader has to say of an error; that a driver finds no card of its kind is none."""
    _, _, words = line.partition("ERROR:")
    return "" if "valid GPUs" in words else " ".join(words.split())
