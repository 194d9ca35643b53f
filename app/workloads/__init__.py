"""The problems that kernels solve: one file each, found by themselves; NumPy only."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.core.workload import Workload
from app.problems import registry


def workloads() -> dict[str, Workload]:
    """Every workload by name: the catalogue's, then the problems that are known here."""
    return catalogue() | {name: one.workload for name, one in registry.known().items()}


@cache
def catalogue() -> dict[str, Workload]:
    """Those that come with the program, from the ``WORKLOAD`` of each module in this folder."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = [module.WORKLOAD for module in modules if hasattr(module, "WORKLOAD")]
    return {workload.name: workload for workload in found}
