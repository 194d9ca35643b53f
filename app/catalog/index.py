"""The catalogue: every variant there is, found in ``kernels/`` and ``wasm_modules/`` by itself, then peers.

A folder of either package is a workload's; its ``variants.py`` holds ``VARIANTS``, its ``layouts.py``
``LAYOUTS``, and the files beside them are templates.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from msgspec import structs

from app.catalog import peers
from app.catalog.models.recipes import recipes
from app.core.edit import Edit, check_name, edited
from app.core.errors import KernelscopeError
from app.core.program import Layout
from app.core.shape import Shape
from app.core.target import RUNTIMES, Runtime
from app.core.variant import Parameters, Variant
from app.core.workload import Operands
from app.problems import registry
from app.workloads import workloads
from kernels.access import Pattern

UNCHECKED = "unchecked"


def variants() -> tuple[Variant, ...]:
    """Every variant: the catalogue's, then those of the problems that are known here."""
    return _with_own(registry.state())


@lru_cache(maxsize=4)
def _with_own(state: tuple[str, ...]) -> tuple[Variant, ...]:
    """``variants`` while ``state`` is that of the problems."""
    found = list(catalogue())
    for one in registry.known().values():
        found += one.variants
        if one.workload.native:
            found.append(peers.of_numpy(one.workload))
    return tuple(found)


@cache
def catalogue() -> tuple[Variant, ...]:
    """Every variant that comes with the program, WGSL first, in the order its folder declares them."""
    found: list[Variant] = []
    for package in (about.package for about in RUNTIMES.values() if about.package):
        for folder in iter_modules(import_module(package).__path__):
            if not folder.ispkg:
                continue  # helpers that several folders share
            found += import_module(f"{package}.{folder.name}.variants").VARIANTS
    declared = [variant for variant in found if workloads()[variant.workload].model]
    found = [variant for variant in found if not workloads()[variant.workload].model]
    found += recipes(declared, found)
    return (*found, *map(_unchecked, _wgsl_kernels(found)), *peers.variants())


def _wgsl_kernels(found: list[Variant]) -> list[Variant]:
    return [variant for variant in found if variant.runtime is Runtime.WGSL and variant.template]


def _unchecked(variant: Variant) -> Variant:
    """The twin that tells what the web's safety costs: the same text without checks."""
    return structs.replace(
        variant,
        name=f"{variant.name}+{UNCHECKED}",
        summary=f"{variant.summary}; native only: no bounds checks, no loop guards",
        techniques=(*variant.techniques, UNCHECKED),
        requires=(*variant.requires, "trusted-shaders"),
        quick=False,
        checked=False,
    )


def usual(variant: Variant) -> bool:
    """Whether ``variant`` runs when none is named: the quick ones, or all where there is no quick one."""
    kind = (variant.workload, variant.runtime)
    return variant.quick or (
        variant.checked and bool(variant.template) and kind not in _with_quick(registry.state())
    )


@lru_cache(maxsize=4)
def _with_quick(state: tuple[str, ...]) -> frozenset[tuple[str, Runtime]]:
    return frozenset((variant.workload, variant.runtime) for variant in variants() if variant.quick)


def find(workload: str, name: str, runtime: Runtime) -> Variant:
    """The variant of that name.

    Raises:
        KernelscopeError: there is none.
    """
    for variant in variants():
        if (variant.workload, variant.name, variant.runtime) == (workload, name, runtime):
            return variant
    raise KernelscopeError(f"no {runtime.value} variant {name!r} of {workload}; see: kernelscope kernels")


def with_edits(edits: Iterable[Edit]) -> tuple[Variant, ...]:
    """Every variant there is, those of ``edits`` last.

    Raises:
        KernelscopeError: an edit is of no variant, or none that it could be.
    """
    known = list(variants())
    for edit in edits:
        check_name(
            edit.name, (v.name for v in known if (v.workload, v.runtime) == (edit.workload, edit.runtime))
        )
        known.append(edited(edit, find(edit.workload, edit.like, edit.runtime)))
    return tuple(known)


def lay_out(variant: Variant, operands: Operands, parameters: Parameters) -> Layout:
    """The operands as ``variant`` reads them; of sketches, what they take up (``app.core.sketch``).

    Raises:
        LimitError: it takes none of that size.
    """
    if variant.runtime.about.peer:
        return peers.lay_out(variant, operands)
    if opened := registry.find(variant.workload):
        from app.problems.variants import lay_out as own

        return own(opened.problem, opened.kernel(variant), operands, parameters)
    layouts = import_module(f"{variant.runtime.about.package}.{variant.folder}.layouts").LAYOUTS
    found: Layout = layouts[variant.layout](operands, parameters)
    return found


def access(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern | None:
    """What ``variant`` reads when, as the ``access.py`` of its folder tells; None where there is no such."""
    package = "" if registry.find(variant.workload) else variant.runtime.about.package
    name = f"{package}.{variant.folder}.access"
    if not package or not _there(name):
        return None
    found: Pattern | None = import_module(name).pattern(variant, parameters, shape)
    return found


@cache
def _there(module: str) -> bool:
    return find_spec(module) is not None
