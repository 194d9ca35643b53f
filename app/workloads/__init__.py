"""The problems that kernels solve: one file each, found by themselves; NumPy only."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.core.workload import Workload


@cache
def workloads() -> dict[str, Workload]:
    """Every workload by name, from the ``WORKLOAD`` of each module in this folder."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = [module.WORKLOAD for module in modules if hasattr(module, "WORKLOAD")]
    return {workload.name: workload for workload in found}
