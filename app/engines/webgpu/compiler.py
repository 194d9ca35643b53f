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
    """A pipeline and the layout of its bindings for each step; ``seconds`` is what compiling cost."""

    steps: tuple[tuple[Any, Any], ...]
    seconds: float


Key = tuple[str, str, tuple[str, ...]]
"""A step as far as compiling goes: its text, its entry point, the kinds of its bindings."""


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
        steps = tuple(
            (program.text(step), step.entry, tuple(binding_kinds(step))) for step in program.layout.run
        )
        key = (program.checked, steps)
        if key not in self._known:
            self._known[key] = self._compile(steps, program.checked)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]

    def _compile(self, steps: tuple[Key, ...], checked: bool) -> Compiled:
        start = time.perf_counter()
        layouts = {kinds: self._layout(kinds) for _, _, kinds in steps}
        try:
            modules = {text: self._module(text, checked) for text, _, _ in steps}
            made = {
                (text, entry, kinds): self._device.create_compute_pipeline(
                    layout=self._device.create_pipeline_layout(bind_group_layouts=[layouts[kinds]]),
                    compute={"module": modules[text], "entry_point": entry},
                )
                for text, entry, kinds in dict.fromkeys(steps)
            }
        except wgpu.GPUError as error:
            if is_lost(error):
                raise
            raise _complaint(str(error)) from error
        found = tuple((made[step], layouts[step[2]]) for step in steps)
        return Compiled(found, time.perf_counter() - start)

    def _layout(self, kinds: tuple[str, ...]) -> Any:
        """Bindings of these kinds: an inferred layout would leave out what a step does not use."""
        return self._device.create_bind_group_layout(
            entries=[
                {"binding": i, "visibility": wgpu.ShaderStage.COMPUTE, "buffer": {"type": kind}}
                for i, kind in enumerate(kinds)
            ]
        )

    def _module(self, text: str, checked: bool) -> Any:
        module = self._device.create_shader_module(code=text)
        return module if checked else unchecked(self._device, text)


def _complaint(text: str) -> KernelError:
    place = _PLACE.search(text)
    line, column = (int(place[1]), int(place[2])) if place else (None, None)
    message = re.search(r"Shader '.*' parsing error: (.*)", text)
    if message is None and (message := re.search(r"Shader validation error: (.*)", text)):
        # What is invalid stands first and why it is stands last.
        return KernelError(f"{message[1]}: {last_line(text)}", line, column)
    return KernelError(message[1] if message else last_line(text), line, column)
