"""Compiling kernels to look at the code, in processes of their own, for compilers and drivers may abort.

A *card that is not here* is a generation of AMD GPUs for which Mesa's RADV compiles although there is none
(``RADV_FORCE_FAMILY``); nothing is ever measured there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from math import prod
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from app.compiled.messages import Answer, Job, Task
from app.core.code import Compiled
from app.core.selection import select
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Parameters, Variant
from app.measure.crooked import crooked_shapes
from app.problems import registry
from app.system import cores, read_regular
from app.worker.loader import drivers
from app.workloads import workloads

START_SECONDS, EACH_SECONDS = 60.0, 10.0
"""More than a process with its driver takes to start, and a kernel to compile, on a busy machine."""

FEW = 8
"""Kernels for which no second process is worth its start."""

LARGEST_MANIFEST = 1 << 16


class Place(Struct, frozen=True):
    """What compiles: its name on the command line, what people call it, and the kind of kernels it takes.

    ``kind`` names what the process does, ``driver`` whose Vulkan manifest it needs, ``family`` the AMD
    generation that is pretended.
    """

    name: str
    label: str
    runtime: Runtime
    kind: str
    driver: str = ""
    family: str = ""


def _absent(family: str, label: str) -> Place:
    return Place(family, label, Runtime.WGSL, "vulkan", "radeon", family)


WASMTIME = Place("wasmtime", "wasmtime", Runtime.WASM, "wasmtime")
LLVMPIPE = Place("llvmpipe", "llvmpipe", Runtime.WGSL, "llvmpipe", "lvp")
HERE = Place("gpu", "", Runtime.WGSL, "vulkan")
PLACES = (
    WASMTIME,
    LLVMPIPE,
    HERE,
    _absent("polaris10", "GCN 4 (Polaris 10)"),
    _absent("vega10", "Vega (Vega 10)"),
    _absent("navi10", "RDNA 1 (Navi 10)"),
    _absent("navi21", "RDNA 2 (Navi 21)"),
    _absent("navi31", "RDNA 3 (Navi 31)"),
    _absent("gfx1201", "RDNA 4 (Navi 48)"),
)
USUAL = ("wasmtime", "llvmpipe", "vega10", "navi21")
"""What every Linux with Mesa can compile for."""

NO_RADV = "AMD's generations are compiled by Mesa's RADV, which is not here (Debian: mesa-vulkan-drivers)"
NO_LLVMPIPE = "Mesa's llvmpipe is not here (Debian: mesa-vulkan-drivers)"


def choose_places(words: Sequence[str]) -> list[Place]:
    """The places that ``words`` name; the usual ones where there are none.

    Raises:
        KernelscopeError: a word names none.
    """
    return select(PLACES, words or USUAL, lambda place: (place.name, place.label), "compiler")


def job(variant: Variant, place: Place, shape: Shape, settings: Parameters, text: str = "") -> Job:
    """``variant`` with its defaults for ``shape`` at ``place`` and the ``settings`` over them.

    What has to run to be compiled does so at a small shape.
    """
    on_cpu = place.kind != "vulkan"
    if place.kind == "llvmpipe":
        shape = min(crooked_shapes(workloads()[variant.workload]), key=lambda one: prod(one.sizes))
    kind = "CPU" if on_cpu else "DiscreteGPU"
    target = Target(place.name, place.label, "", place.runtime, place.label, "Vulkan", "", kind)
    parameters = {**variant.defaults(target, shape), **settings}
    return Job(variant.workload, variant.name, variant.runtime.value, parameters, shape.sizes, text)


def compile_all(jobs: Mapping[str, Sequence[Job]], texts: bool = False) -> list[Compiled]:
    """Compile for each place, by its name, its jobs; in that order, a ``Compiled`` for each job.

    Places work at once, llvmpipe in as many processes as there are cores; SPIR-V, with which drivers of GPUs
    begin, is made once. ``texts`` asks for what compilers write on the way, as ``Code.texts``.
    """
    places = {place.name: place for place in PLACES}
    spirv: dict[bytes, Future[list[Answer]]] = {}
    with ThreadPoolExecutor(len(jobs) * 2 + 1) as pool:
        begun = []
        for name, listed in jobs.items():
            place, own = places[name], tuple(listed)
            if place.kind == "vulkan":
                key = msgspec.json.encode(own)
                if key not in spirv:
                    spirv[key] = pool.submit(_run, "spirv", Task(own), LLVMPIPE.driver)
                begun.append((place, own, pool.submit(_from_spirv, place, own, spirv[key], texts)))
            else:
                begun.append((place, own, pool.submit(_among, place, own)))
        return [
            Compiled(
                workload=job.workload,
                variant=job.variant,
                runtime=job.runtime,
                target=place.name,
                codes=answer.codes,
                reason=answer.reason,
            )
            for place, own, work in begun
            for job, answer in zip(own, work.result(), strict=True)
        ]


def _among(place: Place, jobs: tuple[Job, ...]) -> list[Answer]:
    """Every job in one of several processes, where there are many and a compiler that is slow."""
    count = max(1, min(cores(), len(jobs) // FEW)) if place is LLVMPIPE else 1
    found = [Answer()] * len(jobs)
    with ThreadPoolExecutor(count) as pool:
        parts = [
            pool.submit(_run, place.kind, Task(jobs[i::count], (), place.name, place.label), place.driver)
            for i in range(count)
        ]
        for i, work in enumerate(parts):
            found[i::count] = work.result()
    return found


def _from_spirv(
    place: Place, jobs: tuple[Job, ...], made: "Future[list[Answer]]", texts: bool
) -> list[Answer]:
    before = made.result()
    whole = [i for i, answer in enumerate(before) if answer.stages]
    task = Task(
        tuple(jobs[i] for i in whole),
        tuple(before[i].stages for i in whole),
        place.name,
        place.label,
        bool(place.family),
        texts,
    )
    found = list(before)
    for i, answer in zip(whole, _run(place.kind, task, place.driver, place.family), strict=True):
        found[i] = answer
    return found


def _run(kind: str, task: Task, driver: str = "", family: str = "") -> list[Answer]:
    """The answers of a process; where it ends early, what it leaves is said to have failed."""
    environment = {"PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path)}
    environment["MESA_SHADER_CACHE_DISABLE"] = "true"
    if driver and (manifest := _manifest(driver)):
        environment["VK_DRIVER_FILES"] = environment["VK_ICD_FILENAMES"] = manifest
    elif driver and (family or kind == "llvmpipe"):
        return [Answer(reason=NO_RADV if family else NO_LLVMPIPE)] * len(task.jobs)
    if family:
        environment["RADV_FORCE_FAMILY"] = family
    if not task.jobs:
        return []
    task = structs.replace(task, problems=registry.problems_of(job.workload for job in task.jobs))
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "app.compiled", kind],
            input=msgspec.json.encode(task),
            capture_output=True,
            timeout=START_SECONDS + EACH_SECONDS * len(task.jobs),
            env={**os.environ, **environment},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
        lines, how = done.stdout.splitlines(), _epitaph(done)
    except subprocess.TimeoutExpired as error:
        lines, how = (error.stdout or b"").splitlines(), "the compiler did not end in time"
    found = []
    for line in lines:
        try:
            found.append(msgspec.json.decode(line, type=Answer))
        except msgspec.DecodeError:
            break
    return [*found, *[Answer(reason=how)] * (len(task.jobs) - len(found))]


def _epitaph(done: "subprocess.CompletedProcess[bytes]") -> str:
    said = done.stderr.decode(errors="replace").strip().splitlines()
    for line in said:
        if "Unknown family" in line:
            return "this Mesa knows no such AMD GPU: a newer one does"
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
    return f"the compiler's process ended with {how}{f': {said[-1][:200]}' if said else ''}"


def _manifest(driver: str) -> str:
    """The manifest of Mesa's driver of that name: one that is in use, or else any installed."""
    for path in dict.fromkeys((*drivers(), *drivers({}))):
        with suppress(OSError, ValueError, KeyError, TypeError):
            library = json.loads(read_regular(Path(path), LARGEST_MANIFEST))["ICD"]["library_path"]
            if driver in Path(library).name:
                return path
    return ""
