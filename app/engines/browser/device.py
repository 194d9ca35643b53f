"""A page's GPU and its Wasm engine as devices: a kernel is a number there and a few requests here."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec
import numpy as np

from app.core.errors import KernelError, KernelscopeError, TargetLost, TrapError, UnsupportedError
from app.core.program import FIRST_RUN, Layout, Program, Slice, Step, whose
from app.core.target import Runtime
from app.core.variant import Operation
from app.engines import Batches
from app.engines.browser.messages import (
    Answer,
    GpuProgram,
    GpuStep,
    OtherClock,
    PageRequest,
    PeerProgram,
    Prepared,
    Task,
    Together,
    WasmProgram,
    WasmStep,
)
from app.engines.browser.page import Page, Trapped
from app.engines.layouts import as_bytes, binding_kinds, scalar_words
from app.engines.limits import needs
from app.engines.wasm.assemble import assemble
from app.engines.wasm.calls import called
from app.engines.wasm.memory import MODULE, NAME, place
from app.engines.wasm.module import check_imports, facts
from app.engines.wasm.places import located, place_of
from app.engines.wasm.suspension import WAITING

HIDDEN = "the tab was out of sight at times, where browsers slow pages down"


class _Encoded:
    """Batches that wait in a page."""

    def __init__(self, submit: Callable[[], object], seconds: Callable[[], msgspec.Raw]) -> None:
        self._submit, self._seconds = submit, seconds

    def submit(self) -> None:
        self._submit()

    def seconds(self) -> list[float]:
        return msgspec.json.decode(self._seconds(), type=list[float])


class BrowserKernel:
    """A kernel that lives in a page."""

    def __init__(
        self,
        page: Page,
        program: GpuProgram | WasmProgram | PeerProgram,
        layout: Layout,
        buffers: Sequence[np.ndarray],
        source: str,
    ) -> None:
        self._page, self._layout, self._source = page, layout, source
        self._number = page.number()
        self._hidden = False
        self._clock = ""
        self.clock_step = 0.0
        answer, _ = self._ask("prepare", program, buffers)
        prepared = msgspec.json.decode(answer.value, type=Prepared)
        self.timer = prepared.timer
        self.costs = prepared.costs
        self._together = prepared.batches

    def _ask(
        self,
        task: Task,
        program: GpuProgram | WasmProgram | PeerProgram | None = None,
        buffers: Sequence[np.ndarray] = (),
        repeats: int = 0,
        batches: int = 0,
        places: tuple[int, ...] = (),
    ) -> tuple[Answer, bytes]:
        request = PageRequest(self._page.number(), task, self._number, program, repeats, batches, places)
        try:
            return self._page.ask(request, buffers)
        except Trapped as trap:
            place = place_of(self._source, assemble(self._source), trap.byte)
            raise TrapError(str(trap), *(place or ())) from trap

    @property
    def note(self) -> str:
        """What a person should know of the batches that were timed."""
        return "; ".join(filter(None, (HIDDEN if self._hidden else "", self._clock)))

    def fall_back(self) -> bool:
        """Be timed by the page's own clock from now on; whether that is another one."""
        answer, _ = self._ask("fallBack")
        other = msgspec.json.decode(answer.value, type=OtherClock | None)
        if other is None:
            return False
        self.timer, self._clock, self.clock_step = other.timer, other.note, other.step
        self._together = Together()
        return True

    def time(self, repeats: int) -> float:
        return msgspec.json.decode(self._timed("time", repeats), type=float)

    @property
    def each(self) -> Callable[[int, int], list[float]] | None:
        """What times batches that are submitted at once; None where only the page's clock tells."""
        return self._each if self._together.at_once else None

    @property
    def ahead(self) -> Callable[[int, int], Batches] | None:
        """What encodes such batches while others run; none where the page's GPU is the processor."""
        return self._encode if self._together.ahead else None

    def _each(self, repeats: int, batches: int) -> list[float]:
        return msgspec.json.decode(self._timed("each", repeats, batches), type=list[float])

    def _encode(self, repeats: int, batches: int) -> Batches:
        self._ask("encode", repeats=repeats, batches=batches)
        return _Encoded(partial(self._ask, "submit"), partial(self._timed, "seconds"))

    def _timed(self, task: Task, repeats: int = 0, batches: int = 0) -> msgspec.Raw:
        answer, _ = self._ask(task, repeats=repeats, batches=batches)
        self._hidden = self._hidden or answer.hidden
        return answer.value

    def parts(self, repeats: int) -> tuple[float, ...]:
        """Seconds of each step in ``repeats`` runs."""
        answer, _ = self._ask("parts", repeats=repeats)
        return msgspec.json.decode(answer.value, type=tuple[float, ...])

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        names = list(self._layout.buffers)
        places = tuple(names.index(name) for name in buffers)
        self._ask("load", buffers=[as_bytes(array) for array in buffers.values()], places=places)

    def poison(self) -> None:
        self._ask("poison")

    def result(self) -> np.ndarray:
        dtype, length = self._layout.output
        _, raw = self._ask("result")
        if len(raw) != dtype.itemsize * length:
            raise KernelscopeError(f"the page gave {len(raw)} bytes of a result of {dtype.itemsize * length}")
        return np.frombuffer(raw, dtype, length).copy()

    def close(self) -> None:
        with suppress(TargetLost):  # what is gone needs no closing
            self._ask("close")


class BrowserDevice:
    """One target of a page."""

    def __init__(self, page: Page, runtime: Runtime) -> None:
        self._page, self._runtime = page, runtime

    def prepare(self, program: Program) -> BrowserKernel:
        if not program.checked:
            raise UnsupportedError("browsers always check bounds and guard loops")
        if program.copies > 1 and "threads" in program.requires:
            raise UnsupportedError("several threads of a page take no copies of operands in turn")
        layout = program.layout
        program.started(f"compiling or {FIRST_RUN}")  # one request to the page
        operands = [as_bytes(array) for array in layout.buffers.values()]
        if self._runtime is Runtime.WGSL:
            return BrowserKernel(self._page, gpu_program(program), layout, operands, program.source)
        binary = assemble(program.source)
        found = facts(binary)
        check_imports(found, _offered(program))
        buffers = [np.frombuffer(binary, np.uint8), *operands]
        told = wasm_program(program, len(binary), found.own)
        try:
            return BrowserKernel(self._page, told, layout, buffers, program.source)
        except KernelError as error:
            raise located(error, program.source, binary) from error


def _offered(program: Program) -> tuple[str, str] | None:
    """What the page has for a module to import: the function that waits, or the memory that threads share."""
    if program.operation is Operation.JSPI:
        return MODULE, WAITING
    return (MODULE, NAME) if "threads" in program.requires else None


def gpu_program(program: Program) -> GpuProgram:
    """``program`` as the page's GPU needs it, without the operands."""
    layout = program.layout
    dtype, length = layout.output
    texts = list(dict.fromkeys(program.text(step) for step in layout.run))
    return GpuProgram(
        title=title(program),
        texts=tuple(texts),
        requires=tuple(program.requires),
        operation=program.operation or "",
        steps=tuple(_gpu_step(step, layout, texts.index(program.text(step))) for step in layout.run),
        buffers=tuple(array.nbytes for array in layout.buffers.values()),
        scratch=tuple(layout.scratch.values()),
        output=dtype.itemsize * length,
        copies=program.copies,
        needs=tuple(needs(program)),
    )


def _gpu_step(step: Step, layout: Layout, text: int) -> GpuStep:
    numbers = {name: number for number, name in enumerate(layout.sizes)}
    return GpuStep(
        text=text,
        entry=step.entry,
        grid=step.grid,
        kinds=tuple(binding_kinds(step)),
        bindings=tuple(
            (numbers[whose(one)], *((one.offset, one.size) if isinstance(one, Slice) else (0, 0)))
            for one in step.bindings
        ),
        scalars=tuple(scalar_words(step.scalars)),
    )


def wasm_program(program: Program, binary: int, own: int = 0) -> WasmProgram:
    """``program`` as the page's Wasm engine needs it; ``binary`` is the size of its module in bytes.

    ``own`` bytes of its memory are the module's.

    Raises:
        LimitError: 32-bit addresses do not reach that far.
    """
    layout = program.layout
    dtype, length = layout.output
    wide = "memory64" in program.requires
    base = max(int(program.parameters.get("base_gib", 0)) << 30, own)
    places = place(layout, wide, base, program.copies)
    return WasmProgram(
        title=title(program),
        operation=program.operation or "",
        pointers=places.pointers,
        pages=places.pages,
        wide=wide,
        shared="threads" in program.requires,
        threads=int(program.parameters.get("threads", 1)),
        warm=program.operation is None,
        buffers=(binary, *(array.nbytes for array in layout.buffers.values())),
        output=dtype.itemsize * length,
        steps=tuple(
            WasmStep(
                one.entry,
                tuple((value, isinstance(value, int)) for value in one.arguments),
                tuple(sorted(one.moved)),
            )
            for one in called(program, places)
        ),
        copies=places.copies,
        stride=places.stride,
    )


def title(program: Program) -> str:
    """The first line of the text, which says what it is."""
    for line in program.source.splitlines():
        if line.startswith(("// ", ";; ")):
            return line[3:].split(":")[0].rstrip(".")
    return "a kernel"
