"""PyTorch as targets, where it is installed: the processor, and an accelerator that it was built for."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np

from app.catalog.peers.torch import BITS, BYTES
from app.core.errors import KernelscopeError
from app.core.program import Program
from app.core.target import ABILITIES, Feature, FeatureState, Runtime, Target
from app.engines.native import Buffers, NativeKernel, no_answer, thread_counts
from app.system import usable_cores

LACKS = (
    Feature(
        BYTES,
        FeatureState.MISSING,
        "matmul takes no bytes; products of quantised layers are torchao's, a package of its own",
        group=ABILITIES,
        use="Products of 8-bit integers",
    ),
    Feature(
        BITS,
        FeatureState.MISSING,
        "its packing of 4 bits is private to it; torchao, a package of its own, calls it",
        group=ABILITIES,
        use="Weights of 4 bits",
    ),
)

ACCELERATORS = {"cuda": "CUDA", "mps": "MPS", "xpu": "XPU"}


class _Turn:
    def __init__(self, source: str, device: str, buffers: Buffers) -> None:
        self._device = device
        self._function = _function(source)
        self._buffers = dict(buffers)
        self.load({})
        self._answer: Any = None

    def run(self) -> None:
        self._answer = self._function(*self._tensors)

    def load(self, buffers: Buffers) -> None:
        import torch

        self._buffers |= buffers
        own = (np.ascontiguousarray(array) for array in self._buffers.values())
        self._tensors = [torch.from_numpy(array.copy()).to(self._device) for array in own]

    def poison(self) -> None:
        self._answer.fill_(no_answer(self.answer().dtype))

    def answer(self) -> np.ndarray:
        found: np.ndarray = self._answer.cpu().numpy().reshape(-1)
        return found


def _function(source: str) -> Callable[..., Any]:
    """The function of a text of the catalogue; nobody else's comes here, for peers cannot be edited."""
    import torch

    names: dict[str, Any] = {"torch": torch, "F": torch.nn.functional}
    exec(compile(source, "peer", "exec"), names)  # noqa: S102
    found: Callable[..., Any] = names["run"]
    return found


class _Device:
    def __init__(self, target: Target) -> None:
        import torch

        self._device = target.properties.get("device", "cpu")
        torch.set_grad_enabled(False)
        if self._device == "cpu":
            torch.set_num_threads(int(target.properties["threads"]))

    def prepare(self, program: Program) -> NativeKernel:
        import torch

        finish = (lambda: None) if self._device == "cpu" else torch.accelerator.synchronize
        try:
            return NativeKernel(program, partial(_Turn, program.source, self._device), finish)
        except RuntimeError as error:
            raise KernelscopeError(f"PyTorch: {str(error).splitlines()[0]}") from error


class _Engine:
    def __init__(self) -> None:
        self._opened: tuple[str, _Device] | None = None

    def targets(self) -> list[Target]:
        found = version("torch")
        made = [
            self._target(
                "torch" if place == 0 else f"torch-{threads}",
                f"{threads} thread{'s' * (threads > 1)}",
                "CPU",
                {"threads": str(threads), "cores": usable_cores()},
            )
            for place, threads in enumerate(thread_counts())
        ]
        # A build for processors alone need not be imported, which takes seconds, to say what it has.
        return made if found.endswith("+cpu") else [*made, *self._accelerated()]

    def _accelerated(self) -> list[Target]:
        import torch

        if not torch.accelerator.is_available():
            return []
        kind = torch.accelerator.current_accelerator().type
        name = torch.cuda.get_device_name() if kind == "cuda" else ACCELERATORS.get(kind, kind)
        label = ACCELERATORS.get(kind, kind)
        return [self._target(f"torch-{kind}", label, "DiscreteGPU", {"device": kind, "card": name})]

    def _target(self, id: str, what: str, kind: str, properties: dict[str, str]) -> Target:
        found = version("torch")
        return Target(
            id=id,
            label=f"PyTorch, {what}",
            engine="torch",
            runtime=Runtime.TORCH,
            name=f"PyTorch {found}",
            backend=what if kind != "CPU" else "CPU",
            driver=found,
            kind=kind,
            features=LACKS,
            properties=properties,
        )

    def versions(self) -> dict[str, str]:
        return {"torch": version("torch")}

    def open(self, target: Target) -> _Device:
        return _Device(target)


ENGINE = _Engine()
