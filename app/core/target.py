"""Targets, and the features they have, lack or hide."""

from enum import StrEnum

from msgspec import Struct, structs

WEB = "WebGPU features"
LANGUAGE = "WGSL language features"
NATIVE = "Native only (not in WebGPU)"
WASM_PROPOSALS = "WebAssembly proposals"
ABILITIES = "Engine abilities"
"""What a feature is a part of: its ``group``."""


PACKED_DOT = "packed_4x8_integer_dot_product"
"""The WGSL language feature by which four 8-bit products are one instruction."""

BACKENDS = ("Metal", "Vulkan", "D3D12", "OpenGL")
"""Ways to a GPU, the best first."""


class Runtime(StrEnum):
    """What a kernel is written for; a target runs the variants of exactly one runtime."""

    WGSL = "wgsl"
    WASM = "wasm"
    NUMPY = "numpy"
    ONNX = "onnx"
    TORCH = "torch"
    TFJS = "tfjs"

    @property
    def about(self) -> "About":
        """Its entry in ``RUNTIMES``."""
        return RUNTIMES[self]


class About(Struct, frozen=True, kw_only=True):
    """What is to be known of a runtime.

    ``title`` is its name in headings, ``short`` in brackets, and ``targets`` what those that run it are
    called together. ``language`` is what sessions and the window's lexers call that of its texts; ``suffix``
    ends their files and ``comment`` begins a comment to the end of the line. ``package`` holds its templates,
    if it has any. ``standard`` heads what the standard says of features and limits, ``promise`` tells what
    that is. A ``peer`` is a library that somebody would use instead of kernels of their own: its texts are
    calls of it, nothing of it is tuned, and it sets no ceiling.
    """

    title: str
    short: str
    targets: str
    language: str
    suffix: str
    comment: str
    package: str = ""
    standard: str = ""
    promise: str = ""
    peer: bool = False


RUNTIMES = {
    Runtime.WGSL: About(
        title="WebGPU (WGSL)",
        short="WGSL",
        targets="GPU adapters",
        language="wgsl",
        suffix="wgsl",
        comment="//",
        package="kernels",
        standard="Default",
        promise="What WebGPU promises of every device",
    ),
    Runtime.WASM: About(
        title="WebAssembly",
        short="Wasm",
        targets="Wasm engines",
        language="wat",
        suffix="wat",
        comment=";;",
        package="wasm_modules",
        standard="Standard",
        promise="How far the proposal has come; 5 is part of the version named",
    ),
    Runtime.NUMPY: About(
        title="NumPy", short="NumPy", targets="NumPy", language="python", suffix="py", comment="#", peer=True
    ),
    Runtime.ONNX: About(
        title="ONNX Runtime",
        short="ONNX Runtime",
        targets="ONNX Runtime",
        language="python",
        suffix="py",
        comment="#",
        peer=True,
    ),
    Runtime.TORCH: About(
        title="PyTorch",
        short="PyTorch",
        targets="PyTorch",
        language="python",
        suffix="py",
        comment="#",
        peer=True,
    ),
    Runtime.TFJS: About(
        title="TensorFlow.js",
        short="TensorFlow.js",
        targets="TensorFlow.js",
        language="javascript",
        suffix="js",
        comment="//",
        peer=True,
    ),
}
"""Every runtime, in the order that lists have."""


class Dialect(StrEnum):
    """Whose WGSL a text is for: naga knows subgroups without being asked, and refuses to be asked."""

    NAGA = "naga"
    WEB = "web"


class FeatureState(StrEnum):
    """Supported: runs natively. Emulated: runs by software or polyfill. Missing: the target lacks it.

    Blocked: the hardware has it and the binding refuses it. Unknown: nothing here can tell.
    """

    SUPPORTED = "supported"
    EMULATED = "emulated"
    MISSING = "missing"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"

    @property
    def usable(self) -> bool:
        """Whether a kernel that needs the feature can run."""
        return self in (FeatureState.SUPPORTED, FeatureState.EMULATED)


class Feature(Struct, frozen=True):
    """One capability of a target: its state, why, and what would unlock it.

    ``use`` says what kernels gain by it. ``phase`` is how far its standard has come and ``probe`` the text
    that was compiled and run to find the state, where there are such.
    """

    name: str
    state: FeatureState
    reason: str = ""
    unlock: str = ""
    group: str = WEB
    use: str = ""
    phase: str = ""
    probe: str = ""


def id_on(id: str, machine: str) -> str:
    """The id in a fleet of what ``machine`` calls ``id``."""
    return f"{id}@{machine}"


class Target(Struct, frozen=True):
    """Something kernels run on: a GPU adapter through one backend, a Wasm engine on this CPU, or a library.

    ``id`` is unique on a machine and is what plans and the command line name; ``label`` is for people.
    ``limits`` are in the units WebGPU gives them (bytes or counts). ``clock_step`` is the step in seconds
    of a clock that is coarse, as browsers make theirs; 0 where that is nothing to think of. ``note`` is a
    sentence that whoever reads figures of it should know. ``gpu`` is the physical GPU behind an adapter:
    vendor and device in hexadecimal, and after ``@`` where it is, if its driver tells. ``machine`` is the
    one of a fleet that it is on, whose name then ends id and label; empty for the machine of the session.
    """

    id: str
    label: str
    engine: str
    runtime: Runtime
    name: str
    backend: str
    driver: str
    kind: str
    features: tuple[Feature, ...] = ()
    limits: dict[str, int] = {}
    properties: dict[str, str] = {}
    clock_step: float = 0.0
    note: str = ""
    gpu: str = ""
    machine: str = ""

    def on(self, machine: str) -> "Target":
        """The target as a fleet knows it."""
        return structs.replace(
            self, id=id_on(self.id, machine), label=f"{self.label} @ {machine}", machine=machine
        )

    @property
    def own_id(self) -> str:
        """The id by which its machine knows it."""
        return self.id.removesuffix(f"@{self.machine}") if self.machine else self.id

    @property
    def dialect(self) -> Dialect:
        """The WGSL that runs here."""
        return Dialect.WEB if self.engine == "browser" else Dialect.NAGA

    def feature(self, name: str) -> Feature:
        """The feature called ``name``; ``unknown`` when this target never heard of it."""
        for feature in self.features:
            if feature.name == name:
                return feature
        return Feature(name, FeatureState.UNKNOWN, f"{self.label} does not report {name}")

    @property
    def is_peer(self) -> bool:
        """Whether it is a library that somebody would use instead, such as NumPy."""
        return self.runtime.about.peer

    @property
    def is_cpu(self) -> bool:
        """Whether the target computes on this machine's CPU (parameters default differently there)."""
        return self.kind == "CPU"
