"""Compiling WGSL: each text once per device, because its pipelines do not depend on the shape."""

import re
import time
from collections import OrderedDict
from typing import Any

import wgpu
from msgspec import Struct

from app.core.errors import KernelError
from app.core.program import Program
from app.engines.layouts import binding_kinds
from app.engines.webgpu.errors import is_lost, last_line
from app.engines.webgpu.trusted import unchecked

KEPT = 256
"""Compiled texts that a device remembers; a tuning goes through hundreds."""

_PLACE = re.compile(r"┌─ (?:wgsl)?:(\d+):(\d+)")


class Compiled(Struct, frozen=True):
    """A pipeline for each entry point over one layout of bindings; ``seconds`` is what compiling cost."""

    bindings: Any
    pipelines: dict[str, Any]
    seconds: float


class Compiler:
    """Compiles for one device and remembers what it compiled last."""

    def __init__(self, device: Any) -> None:
        self._device = device
        self._known: OrderedDict[tuple[object, ...], Compiled] = OrderedDict()

    def compile(self, program: Program) -> Compiled:
        """The pipelines of ``program``; of a text compiled before, with what it cost then.

        Raises:
            KernelError: with line and column where naga named them.
            wgpu.GPUError: the device is lost.
        """
        kinds = binding_kinds(program.layout)
        key = (program.source, program.checked, tuple(program.layout.passes), tuple(kinds))
        if key not in self._known:
            self._known[key] = self._compile(program, kinds)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _compile(self, program: Program, kinds: list[str]) -> Compiled:
        start = time.perf_counter()
        # One layout for all passes: an inferred one would leave out what a pass does not use.
        bindings = self._device.create_bind_group_layout(
            entries=[
                {"binding": i, "visibility": wgpu.ShaderStage.COMPUTE, "buffer": {"type": kind}}
                for i, kind in enumerate(kinds)
            ]
        )
        layout = self._device.create_pipeline_layout(bind_group_layouts=[bindings])
        try:
            module = self._device.create_shader_module(code=program.source)
            if not program.checked:
                module = unchecked(self._device, program.source)
            pipelines = {
                entry: self._device.create_compute_pipeline(
                    layout=layout, compute={"module": module, "entry_point": entry}
                )
                for entry in program.layout.passes
            }
        except wgpu.GPUError as error:
            if is_lost(error):
                raise
            raise _complaint(str(error)) from error
        return Compiled(bindings, pipelines, time.perf_counter() - start)


def _complaint(text: str) -> KernelError:
    place = _PLACE.search(text)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    message = re.search(r"Shader '.*' parsing error: (.*)", text)
    if message is None and (message := re.search(r"Shader validation error: (.*)", text)):
        # What is invalid stands first and why it is stands last.
        return KernelError(f"{message[1]}: {last_line(text)}", line, column)
    return KernelError(message[1] if message else last_line(text), line, column)
