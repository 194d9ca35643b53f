"""ONNX Runtime as a target, where it is installed: on the processor, with all threads and with one.

Operands and answer lie where they are from run to run (an I/O binding), so nothing is copied that a program
would not copy. Weights are a part of the model, as the library packs them when it is opened.
"""

import platform
from importlib.metadata import version
from typing import Any

import numpy as np

from app.catalog.peers.model import inputs, model
from app.core.errors import KernelscopeError, UnsupportedError
from app.core.program import Program
from app.core.target import Runtime, Target
from app.engines.native import Buffers, NativeKernel, no_answer, thread_counts
from app.system import usable_cores

PROVIDER = "CPUExecutionProvider"


class _Turn:
    """A session, its operands and where its answer goes."""

    def __init__(self, program: Program, threads: int, buffers: Buffers) -> None:
        self._text, self._layout, self._threads = program.source, program.layout, threads
        self._buffers = dict(buffers)
        self._open()

    def _open(self) -> None:
        self._session = _session(model(self._text, self._layout, self._buffers), self._threads)
        self._coming = inputs(self._layout)
        self._answer = np.empty(0, self._layout.output[0])
        self._bind()

    def _bind(self) -> None:
        import onnxruntime

        self._binding = self._session.io_binding()
        self._values = []
        for name in self._coming:
            array = np.ascontiguousarray(self._buffers[name])
            self._values.append(onnxruntime.OrtValue.ortvalue_from_numpy(array))
            self._binding.bind_ortvalue_input(name, self._values[-1])
        name = self._session.get_outputs()[0].name
        if not self._answer.size:  # the shape is the library's to say
            self._binding.bind_output(name)
            self._session.run_with_iobinding(self._binding)
            self._answer = self._binding.copy_outputs_to_cpu()[0]
            self._answer = np.ascontiguousarray(self._answer).copy()
        place = self._answer.ctypes.data
        self._binding.bind_output(name, "cpu", 0, self._answer.dtype.type, self._answer.shape, place)

    def run(self) -> None:
        self._session.run_with_iobinding(self._binding)

    def load(self, buffers: Buffers) -> None:
        self._buffers |= buffers
        if buffers.keys() <= self._coming.keys():
            self._bind()
        else:
            self._open()

    def poison(self) -> None:
        self._answer.fill(no_answer(self._answer.dtype))

    def answer(self) -> np.ndarray:
        return self._answer.reshape(-1)


def _session(model_bytes: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(model_bytes, options, providers=[PROVIDER])
    except Exception as error:
        said = str(error).strip().splitlines()[-1]
        if "NOT_IMPLEMENTED" in said or "No Op registered" in said:
            raise UnsupportedError(f"ONNX Runtime has no such operator here: {said}") from error
        raise KernelscopeError(f"ONNX Runtime: {said}") from error


class _Device:
    def __init__(self, threads: int) -> None:
        self._threads = threads

    def prepare(self, program: Program) -> NativeKernel:
        return NativeKernel(program, lambda buffers: _Turn(program, self._threads, buffers))


class _Engine:
    def targets(self) -> list[Target]:
        found = version("onnxruntime")
        return [
            Target(
                id="onnxruntime" if place == 0 else f"onnxruntime-{threads}",
                label=f"ONNX Runtime, {threads} thread{'s' * (threads > 1)}",
                engine="onnxruntime",
                runtime=Runtime.ONNX,
                name=f"ONNX Runtime {found}",
                backend="CPU",
                driver=f"MLAS of {found}, {platform.machine()}",
                kind="CPU",
                properties={"threads": str(threads), "cores": usable_cores()},
            )
            for place, threads in enumerate(thread_counts())
        ]

    def versions(self) -> dict[str, str]:
        return {"onnxruntime": version("onnxruntime")}

    def open(self, target: Target) -> _Device:
        return _Device(int(target.properties["threads"]))


ENGINE = _Engine()
