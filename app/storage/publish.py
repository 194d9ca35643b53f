"""A plan as a folder for any static web server: its page runs the plan in the visitor's browser.

Kernelscope is not needed there: texts, modules, operands and exact answers lie beside the page, and what it
measures it offers as a session file.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from app import __version__
from app.catalog import index as catalog
from app.catalog import programs
from app.core.baseline import baseline_names
from app.core.errors import KernelscopeError
from app.core.kinds import NORMAL
from app.core.plan import Case, Plan
from app.core.program import Program
from app.core.session import SCHEMA_VERSION, KernelText
from app.core.sketch import sketch
from app.core.split import BINDING, LEAST_BINDING, split
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.engines.browser.device import gpu_program, wasm_program
from app.engines.browser.messages import GpuProgram, WasmProgram
from app.engines.browser.setup import setup
from app.engines.wasm.assemble import assemble
from app.measure.prepare import problem
from app.measure.verify import tolerance, weighed
from app.problems import registry
from app.storage.files import behind_links, write_atomically
from app.storage.method import Numbers, constants
from app.workloads import workloads

PAGE_TARGETS = (
    Target("page-gpu", "the visitor's GPU", "browser", Runtime.WGSL, "", "WebGPU", "", "GPU"),
    Target("page-wasm", "the visitor's Wasm engine", "browser", Runtime.WASM, "", "WebAssembly", "", "CPU"),
)
"""Stand for those of whoever opens the page, until it knows them."""

SOURCES = files("resources") / "web"
NOT_PUBLISHED = {"page.html", "published.html", "socket.js"}

MOST_BYTES = 1 << 30
"""More is no page that anybody waits for."""


TOO_MUCH = f"the page would load more than {MOST_BYTES >> 30} GiB: publish fewer or smaller sizes"


class PageCase(Struct, frozen=True):
    """A case with everything that the page needs to run and judge it; files lie in ``data/``.

    ``buffers`` are those of the program, ``truth`` and ``stored`` the float64 answers to the original problem
    and on the operands as stored. ``index`` says where in the raw result each element of the answer lies;
    empty where that is their order. ``weights`` are those of ``app.measure.verify``, empty where all are
    about one. ``limits`` are those of the target that its text was rendered for. ``traffic`` is
    that of measurements, ``dtype`` the type of the result by NumPy's name.
    """

    case: Case
    runtime: Runtime
    requires: tuple[str, ...]
    limits: dict[str, int | str]
    program: GpuProgram | WasmProgram
    kernel: str
    language: str
    buffers: tuple[str, ...]
    truth: str
    stored: str
    index: str
    tolerance: float
    weights: str = ""
    traffic: dict[str, int] = {}
    dtype: str = "float32"


class PagePlan(Struct, frozen=True):
    """``plan.json``: the cases, how they are measured, and what a session needs besides.

    ``bases`` are (workload, runtime, variant) of the baselines, ``constants`` the numbers of the method.
    """

    schema_version: int
    app_version: str
    plan: Plan
    variants: tuple[Variant, ...]
    kernels: dict[str, KernelText]
    cases: tuple[PageCase, ...]
    bases: tuple[tuple[str, str, str], ...]
    constants: Numbers


class _Folder:
    """Writes data once each, however many cases read it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: set[str] = set()
        self.bytes = 0

    def write(self, array: np.ndarray) -> str:
        """The name of a file with the bytes of ``array``."""
        data = np.ascontiguousarray(array).tobytes()
        name = f"{hashlib.sha256(data).hexdigest()[:20]}.bin"
        if name not in self._known:
            self._known.add(name)
            self.bytes += len(data)
            if self.bytes > MOST_BYTES:
                raise KernelscopeError(TOO_MUCH)
            write_atomically(self._folder / name, data, follow=False)
        return name


def publish(plan: Plan, folder: Path) -> int:
    """Write the page of ``plan``, whose targets are ``PAGE_TARGETS``; how many bytes its data has.

    Raises:
        KernelscopeError: the folder holds something else or cannot be written, or the data is too large.
    """
    try:
        folder = behind_links(folder)
        if folder.exists() and any(folder.iterdir()) and not (folder / "plan.json").exists():
            raise KernelscopeError(f"{folder} holds something else: name a new folder")
        if (folder / "data").is_symlink():
            raise KernelscopeError(f"{folder / 'data'} is a link: name a new folder")
        (folder / "data").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KernelscopeError(f"{folder}: cannot be written: {error.strerror or error}") from error
    _check_size(plan)
    data = _Folder(folder / "data")
    kernels: dict[str, KernelText] = {}
    cases = tuple(_page_case(case, plan, data, kernels) for case in plan.cases)
    known = {(c.case.workload, c.case.variant, c.runtime) for c in cases}
    variants = tuple(v for v in catalog.variants() if (v.workload, v.name, v.runtime) in known)
    bases = tuple(sorted(baseline_names(variants, plan.baseline)))
    whole = PagePlan(SCHEMA_VERSION, __version__, plan, variants, kernels, cases, bases, constants())
    for file in SOURCES.iterdir():
        if file.name not in NOT_PUBLISHED:
            write_atomically(folder / file.name, file.read_bytes(), follow=False)
    own = {
        "setup.json": setup(),
        "plan.json": msgspec.json.encode(whole),
        "index.html": (SOURCES / "published.html").read_bytes(),
    }
    for name, made in own.items():
        write_atomically(folder / name, made, follow=False)
    return data.bytes


def _check_size(plan: Plan) -> None:
    """Refuse a case that is too large for a page, before anything is made."""
    for case in plan.cases:
        (target,) = (target for target in PAGE_TARGETS if target.id == case.target)
        variant = catalog.find(case.workload, case.variant, target.runtime)
        dummies = tuple(map(sketch, workloads()[case.workload].operand_shapes(case.shape)))
        layout = programs.laid_out(variant, dummies, case.parameters)
        if layout.operand_bytes + layout.output_bytes > MOST_BYTES:
            raise KernelscopeError(TOO_MUCH)


def _page_case(case: Case, plan: Plan, data: _Folder, kernels: dict[str, KernelText]) -> PageCase:
    target = next(target for target in PAGE_TARGETS if target.id == case.target)
    variant = catalog.find(case.workload, case.variant, target.runtime)
    workload, own = workloads()[case.workload], registry.find(case.workload)
    operands, truth, sizes = problem(workload, case.shape, plan.settings.seed, plan.settings.operands)
    built = programs.build(variant, operands, case.parameters, dialect=target.dialect)
    program, buffers = _for_page(built, target.runtime)
    key = hashlib.sha256(built.source.encode()).hexdigest()[:16]
    language = target.runtime.about.language
    stored = workload.reference(built.layout.stored())
    kernels[key] = KernelText(language, built.source)
    return PageCase(
        case=case,
        runtime=target.runtime,
        requires=variant.requires,
        limits={p.limit: case.parameters[p.name] for p in variant.parameters if p.limit},
        program=program,
        kernel=key,
        language=language,
        buffers=tuple(data.write(buffer) for buffer in buffers),
        truth=data.write(truth),
        stored=data.write(stored),
        index=_index(built, data),
        tolerance=tolerance(workload, variant, case.shape, built.layout, stored, sizes),
        traffic={role.value: moved for role, moved in built.layout.traffic.items()},
        dtype=built.layout.output[0].name,
        weights="" if plan.settings.operands == NORMAL and not own else data.write(weighed(sizes)),
    )


def _for_page(built: Program, runtime: Runtime) -> tuple[GpuProgram | WasmProgram, Iterable[np.ndarray]]:
    operands = built.layout.buffers.values()
    if runtime is Runtime.WGSL:
        # The visitor's GPU is not known yet: it binds what every one does.
        return gpu_program(replace(built, layout=split(built.layout, {BINDING: LEAST_BINDING}))), operands
    binary = assemble(built.source)
    return wasm_program(built, len(binary)), [np.frombuffer(binary, np.uint8), *operands]


def _index(built: Program, data: _Folder) -> str:
    """Decoding only picks elements of the raw result: seen on their numbers."""
    _, length = built.layout.output
    places = built.layout.decode(np.arange(length))
    in_order = np.array_equal(places.reshape(-1), np.arange(places.size))
    return "" if in_order else data.write(places.astype(np.uint32))
