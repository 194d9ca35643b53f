"""Peers: what somebody would use instead of a kernel. A variant's text is the library's call.

A peer gets the operands that kernels get, is held against the same float64 answer and sampled alike. Nothing
of it is tuned, and it is no ceiling. What a library has no call for it declares all the same, with what that
would take, so that a target says in one line why it cannot.
"""

from functools import cache
from importlib import import_module

from app.catalog.peers.call import Call
from app.core.program import Layout
from app.core.target import Runtime
from app.core.variant import Parameters, Variant
from app.core.workload import Operands, Workload
from app.problems import registry

_MODULES = {
    Runtime.NUMPY: "app.catalog.peers.numpy",
    Runtime.ONNX: "app.catalog.peers.onnx",
    Runtime.TORCH: "app.catalog.peers.torch",
    Runtime.TFJS: "app.catalog.peers.tfjs",
}


@cache
def _calls() -> dict[tuple[str, str, Runtime], Call]:
    found = [call for module in _MODULES.values() for call in import_module(module).calls()]
    return {(call.variant.workload, call.variant.name, call.variant.runtime): call for call in found}


def variants() -> tuple[Variant, ...]:
    """Every call of every library, NumPy's first."""
    return tuple(call.variant for call in _calls().values())


def text(variant: Variant, parameters: Parameters) -> str:
    """The call, for a shape whose sizes are among ``parameters`` where it writes them out."""
    return _of(variant).text(parameters)


def lay_out(variant: Variant, operands: Operands) -> Layout:
    """The operands as the library takes them."""
    return _of(variant).lay_out(operands)


def of_numpy(workload: Workload) -> Variant:
    """NumPy's own answer to a problem of the user's own."""
    return _own(workload).variant


def _own(workload: Workload) -> Call:
    found: Call = import_module(_MODULES[Runtime.NUMPY]).call_of(workload)
    return found


def _of(variant: Variant) -> Call:
    if variant.runtime is Runtime.NUMPY and (opened := registry.find(variant.workload)):
        return _own(opened.workload)
    return _calls()[variant.workload, variant.name, variant.runtime]
