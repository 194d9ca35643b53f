"""Variants: one implementation of a workload, declared as data."""

import re
from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct, structs

from app.core.shape import Shape
from app.core.target import FeatureState, Runtime, Target

Parameters = Mapping[str, int | str]


class Default(Struct, frozen=True):
    """A default for some GPUs, or for some shapes on all of them: every condition given has to hold.

    ``below`` is what a shape has fewer rows than, ``kind`` what the adapter is, and ``name`` a regular
    expression that the adapter's name matches somewhere.
    """

    value: int | str
    below: int = 0
    kind: str = ""
    name: str = ""

    def fits(self, target: Target, shape: Shape | None) -> bool:
        """Whether it holds for ``shape`` on ``target``; without a shape, those for small ones do not."""
        return (
            (not self.below or (shape is not None and shape.rows < self.below))
            and self.kind in ("", target.kind)
            and re.search(self.name, target.name) is not None
        )


class Parameter(Struct, frozen=True):
    """A tunable figure of a template: its default on a GPU, on a CPU adapter, and the values worth a try.

    Where a target has a limit called ``limit``, that is the default there. On GPUs the first of ``special``
    that fits comes before ``gpu``. One with a ``side`` is no choice: it is the size of that number (from 0)
    of the shape, for templates that write it out.
    """

    name: str
    gpu: int | str
    cpu: int | str
    choices: tuple[int | str, ...] = ()
    limit: str = ""
    special: tuple[Default, ...] = ()
    side: int = -1

    def default(self, target: Target, shape: Shape | None = None) -> int | str:
        """The value to use for ``shape`` on ``target`` when nothing was tuned."""
        if self.side >= 0 and shape is not None:
            return shape.sizes[self.side]
        if self.limit in target.limits:
            return target.limits[self.limit]
        if target.is_cpu:
            return self.cpu
        return next((one.value for one in self.special if one.fits(target, shape)), self.gpu)

    @property
    def offered(self) -> frozenset[int | str]:
        """Every value that it may have by default or by tuning, limits apart."""
        return frozenset((self.gpu, self.cpu, *self.choices, *(one.value for one in self.special)))


class Operation(StrEnum):
    """What an engine times in the place of runs: transfers, calls, and ways to wait in synchronous code.

    ``DOWNLOAD`` copies a buffer to the host, ``MAP`` lets the host see it in place. ``FIRST_TOUCH`` is an
    upload into a new instance, ``DISPATCH`` one run alone. ``FIBERS`` and ``JSPI`` wait on another stack.
    """

    UPLOAD = "upload"
    DOWNLOAD = "download"
    MAP = "map"
    FIRST_TOUCH = "first-touch"
    DISPATCH = "dispatch"
    FIBERS = "fibers"
    JSPI = "jspi"


class Variant(Struct, frozen=True, kw_only=True):
    """One implementation of a workload.

    ``template`` is a file in the workload's folder, rendered with ``options`` and the parameters.
    ``layout`` names the function of that folder's ``layouts.py`` that lays the operands out.
    ``requires`` lists the features a target must have. ``storage``, ``compute`` and ``sums`` are the types of
    the operands in memory, of the products and of the accumulation. The first variant of a runtime is its
    baseline. ``quick`` ones make up the quick plan; the others run when they are named. One that is not
    ``checked`` is compiled without the web's bounds checks and loop guards: native only, and only run when
    its name is spelt out. Where there is an ``operation``, that is timed instead of runs. ``work`` is the
    share of the workload's operations that it computes, less than 1 where an algorithm saves some.
    """

    workload: str
    name: str
    runtime: Runtime
    summary: str
    template: str
    layout: str
    storage: str
    compute: str
    sums: str = "f32"
    techniques: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    options: dict[str, int | str | bool] = {}
    quick: bool = True
    checked: bool = True
    operation: Operation | None = None
    work: float = 1.0

    def __post_init__(self) -> None:
        # Sessions of 0.1 have it among the options.
        if self.operation is None and "operation" in self.options:
            options = dict(self.options)
            structs.force_setattr(self, "operation", Operation(str(options.pop("operation"))))
            structs.force_setattr(self, "options", options)

    @property
    def folder(self) -> str:
        """The workload's folder among the templates: its name as one that Python can import."""
        return self.workload.replace("-", "_")

    def defaults(self, target: Target, shape: Shape | None = None) -> dict[str, int | str]:
        """The parameters to use for ``shape`` on ``target`` when nothing was tuned."""
        return {p.name: p.default(target, shape) for p in self.parameters}


def fixed(variant: Variant, parameters: Parameters) -> Variant:
    """``variant`` with no choice of parameters but these, whatever the target."""
    return structs.replace(
        variant, parameters=tuple(Parameter(name, value, value) for name, value in parameters.items())
    )


def why_not(variant: Variant, target: Target) -> str:
    """Why ``target`` cannot run ``variant``, in one line; empty when it can."""
    if variant.runtime is not target.runtime:
        return f"{target.label} runs {target.runtime.value} kernels, not {variant.runtime.value}"
    for name in variant.requires:
        feature = target.feature(name)
        if not feature.state.usable:
            verb = {FeatureState.MISSING: "has no", FeatureState.BLOCKED: "blocks"}.get(
                feature.state, "cannot say whether it has"
            )
            detail = f" ({feature.reason})" if feature.reason else ""
            return f"{target.label} {verb} {name}{detail}"
    return ""
