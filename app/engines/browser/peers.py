"""Libraries of a page as targets, and their calls as kernels that live in one of its workers."""

from collections.abc import Mapping, Sequence

import numpy as np

from app.catalog.peers.model import inputs, model
from app.catalog.peers.torch import BITS, BYTES
from app.core.errors import UnsupportedError
from app.core.program import Program
from app.core.target import ABILITIES, Feature, FeatureState, Runtime, Target
from app.engines.browser import packages
from app.engines.browser.device import BrowserKernel
from app.engines.browser.messages import PeerProgram
from app.engines.browser.page import Page
from app.engines.layouts import as_bytes

LACKS = (
    Feature(
        BYTES,
        FeatureState.MISSING,
        "it multiplies 32-bit floats, into which it turns everything else",
        group=ABILITIES,
        use="Products of 8-bit integers",
    ),
    Feature(
        BITS,
        FeatureState.MISSING,
        "it has no products of packed weights; quantised models are unpacked when they load",
        group=ABILITIES,
        use="Weights of 4 bits",
    ),
)

COPIES = "each run copies what comes with it into the library's memory, and its answer out of it"


def peers_of(targets: Sequence[Target]) -> tuple[Target, ...]:
    """The libraries that a page with these targets has, of those that are installed."""
    wasm = next((target for target in targets if target.runtime is Runtime.WASM), None)
    gpu = next((target for target in targets if target.runtime is Runtime.WGSL), None)
    if wasm is None:
        return ()
    most = int(wasm.properties.get("threads", "1"))
    found = []
    for library, runtime in (("onnxruntime-web", Runtime.ONNX), ("tfjs", Runtime.TFJS)):
        if not packages.installed(library):
            continue
        # TensorFlow.js starts its threads from blobs, which the page's policy forbids.
        counts = (1, most) if runtime is Runtime.ONNX else (1,)
        found += [_target(library, runtime, wasm, "wasm", threads) for threads in dict.fromkeys(counts)]
        if runtime is Runtime.TFJS and gpu:
            found.append(_target(library, runtime, gpu, "webgl"))
        if gpu:
            found.append(_target(library, runtime, gpu, "webgpu"))
    return tuple(found)


BACKENDS = {"wasm": "Wasm", "webgl": "WebGL", "webgpu": "WebGPU"}
SHORT = {"onnxruntime-web": "ort", "tfjs": "tfjs"}


def _target(library: str, runtime: Runtime, beside: Target, backend: str, threads: int = 0) -> Target:
    family, browser = beside.id.partition("-")[0], beside.properties.get("browser", "")
    version, title = packages.version(library), runtime.about.title
    how = f"{threads} thread{'s' * (threads > 1)}" if threads else BACKENDS[backend]
    return Target(
        id=f"{family}-{SHORT[library]}-{threads or backend}",
        label=f"{title}{' Web' * (runtime is Runtime.ONNX)}, {how} ({browser.rpartition(' ')[0]})",
        engine="browser",
        runtime=runtime,
        name=f"{library} {version} in {browser}",
        backend=BACKENDS[backend],
        driver=f"{library} {version}",
        kind=beside.kind,
        features=LACKS if runtime is Runtime.TFJS else (),
        properties={
            "browser": browser,
            "asks for": backend,
            **({"threads": str(threads), "cores": beside.properties.get("cores", "")} if threads else {}),
        },
        clock_step=beside.clock_step,
        note=COPIES if (runtime, backend) == (Runtime.ONNX, "wasm") else "",
    )


class PeerDevice:
    """A library in a page."""

    def __init__(self, page: Page, target: Target) -> None:
        self._page, self._target = page, target

    def prepare(self, program: Program) -> "PeerKernel":
        if program.copies > 1:
            raise UnsupportedError("libraries in a page take no copies of operands in turn")
        return PeerKernel(self._page, self._target, program)


class PeerKernel(BrowserKernel):
    """A library's call that lives in a page; weights of ONNX Runtime are a part of its model."""

    def __init__(self, page: Page, target: Target, program: Program) -> None:
        self._onnx = target.runtime is Runtime.ONNX
        self._program, self._own = program, dict(program.layout.buffers)
        layout = program.layout
        coming = inputs(layout) if self._onnx else layout.buffers
        self._names = [*([""] if self._onnx else []), *coming]
        backend = target.properties["asks for"]
        threads = int(target.properties.get("threads", "1"))
        buffers = [as_bytes(array) for array in coming.values()]
        if self._onnx:
            buffers.insert(0, self._model())
        dtype, length = layout.output
        told = PeerProgram(
            title=f"{target.label}: {program.workload}",
            library="onnx" if self._onnx else "tfjs",
            backend=backend,
            threads=threads,
            module="" if self._onnx else packages.publish(program.source),
            operands=tuple((name, array.dtype.name, array.shape) for name, array in coming.items()),
            buffers=tuple(buffer.nbytes for buffer in buffers),
            output=dtype.itemsize * length,
        )
        super().__init__(page, told, layout, buffers, program.source)

    def _model(self) -> np.ndarray:
        return np.frombuffer(model(self._program.source, self._program.layout, self._own), np.uint8)

    def load(self, buffers: Mapping[str, np.ndarray]) -> None:
        self._own |= buffers
        given = {self._names.index(n): as_bytes(array) for n, array in buffers.items() if n in self._names}
        if self._onnx and buffers.keys() - set(self._names):
            given[0] = self._model()
        self._ask("load", buffers=list(given.values()), places=tuple(given))
