"""Scenes: what a chart is drawn from, and what the user chose to see of it. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from app.core.articles import Articles
from app.core.baseline import baseline_names, fixed_baseline
from app.core.errors import KernelscopeError
from app.core.rows import Row
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.workload import Workload


class View(Struct, frozen=True):
    """What the user chose to see; an empty choice is the mode's own, as is one that a session lacks.

    ``size`` is a shape's label and ``target`` a target's id. ``articles`` lays what the articles report under
    the charts that it suits. Small and without Qt, so that it can be remembered, undone and saved.
    """

    mode: str = "sweep"
    workload: str = ""
    quantity: str = ""
    size: str = ""
    target: str = ""
    articles: bool = False


DEFAULT = View()


def read_view(text: str) -> View:
    """The view that ``write_view`` wrote; the default where it cannot be read."""
    try:
        return msgspec.json.decode(text, type=View)
    except msgspec.MsgspecError:
        return DEFAULT


def write_view(view: View) -> str:
    """The view as text."""
    return msgspec.json.encode(view).decode()


@dataclass(frozen=True)
class Choice:
    """One of the choices that a mode offers: the field of ``View`` it sets, its values with labels."""

    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True)
class Scene:
    """A session with its rows, as ``view`` looks at it; ``articles`` are all that they report."""

    session: Session
    rows: Sequence[Row]
    workloads: Mapping[str, Workload]
    baseline: str
    view: View = DEFAULT
    articles: Articles | None = None

    @cached_property
    def workload_names(self) -> tuple[str, ...]:
        """The workloads of the plan."""
        return tuple(dict.fromkeys(case.workload for case in self.session.plan.cases))

    @cached_property
    def workload(self) -> str:
        """The name of the workload shown: the first unless another was chosen."""
        names = self.workload_names
        return self.view.workload if self.view.workload in names else next(iter(names), "")

    @property
    def workload_title(self) -> str:
        """What it is called."""
        known = self.workloads.get(self.workload)
        return known.title if known else self.workload

    @cached_property
    def own(self) -> tuple[Row, ...]:
        """The rows of the workload shown."""
        return tuple(row for row in self.rows if row.measurement.case.workload == self.workload)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that the plan has of it, by size."""
        cases = self.session.plan.cases
        return tuple(
            sorted({case.shape for case in cases if case.workload == self.workload}, key=lambda s: s.size)
        )

    @cached_property
    def measured_shapes(self) -> tuple[Shape, ...]:
        """Those at which something has a result."""
        there = {row.measurement.case.shape for row in self.own if row.ok}
        return tuple(shape for shape in self.shapes if shape in there)

    @cached_property
    def shape(self) -> Shape | None:
        """The shape shown: the largest that was measured unless another was chosen."""
        there = self.measured_shapes
        chosen = (shape for shape in there if shape.label == self.view.size)
        return next(chosen, there[-1] if there else None)

    @cached_property
    def measured_targets(self) -> tuple[Target, ...]:
        """Those on which something has a result."""
        there = {row.target.id for row in self.own if row.ok}
        return tuple(target for target in self.session.targets if target.id in there)

    @cached_property
    def target(self) -> Target | None:
        """The target shown: the first that was measured unless another was chosen."""
        there = self.measured_targets
        chosen = (target for target in there if target.id == self.view.target)
        return next(chosen, there[0] if there else None)

    @property
    def labels(self) -> dict[str, str]:
        """What each target is called."""
        return {target.id: target.label for target in self.session.targets}

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """Those the plan runs, in the catalogue's order, so that colours stay while a chart fills."""
        names = [variant.name for variant in self.session.variants if variant.workload == self.workload]
        planned = [case for case in self.session.plan.cases if case.workload == self.workload]
        planned.sort(key=lambda case: names.index(case.variant))
        return tuple(dict.fromkeys(case.name for case in planned))

    @property
    def fixed(self) -> bool:
        """Whether the base line is on one target for all."""
        return fixed_baseline(self.session.targets, self.baseline) is not None

    @property
    def baseline_short(self) -> str:
        """The base line on an axis: ``f32 / f32-scalar``, or ``f32 on NumPy``."""
        fixed = fixed_baseline(self.session.targets, self.baseline)
        if fixed:
            label = self.labels.get(fixed[0], self.baseline.rsplit("/", 1)[0])
            return f"{fixed[1]} on {label}"
        used = {target.runtime.value for target in self.session.targets}
        found = sorted(baseline_names(self.session.variants, self.baseline))
        names = dict.fromkeys(
            name for workload, runtime, name in found if workload == self.workload and runtime in used
        )
        return " / ".join(sorted(names, key=lambda name: name != self.baseline))

    @property
    def baseline_title(self) -> str:
        """The base line in a title; says where it is too."""
        return self.baseline_short + ("" if self.fixed else " of the same target")

    def frame(self, what: str, footnote: str = "") -> dict[str, Any]:
        """What every picture of this scene says around itself: the workload and ``what``, machine, date."""
        session = self.session
        return {
            "title": f"{self.workload_title}: {what}",
            "caption": machine(session),
            "footer": " · ".join(
                filter(None, (session.created[:10], f"Kernelscope {session.app_version}", footnote))
            ),
            "targets": tuple(target.id for target in session.targets),
            "labels": self.labels,
            "variants": self.variants,
        }

    def choices(self, names: Sequence[str], quantities: Mapping[str, str]) -> tuple[Choice, ...]:
        """What can be chosen here; a choice of one is none."""
        view, shape, target = self.view, self.shape, self.target
        first = next(iter(quantities), "")
        made = {
            "workload": Choice(
                "workload",
                tuple((name, name) for name in self.workload_names),
                self.workload,
            ),
            "quantity": Choice(
                "quantity",
                tuple(quantities.items()),
                view.quantity if view.quantity in quantities else first,
            ),
            "size": Choice(
                "size",
                tuple((shape.label, shape.label) for shape in self.measured_shapes),
                shape.label if shape else "",
            ),
            "target": Choice(
                "target",
                tuple((target.id, target.label) for target in self.measured_targets),
                target.id if target else "",
            ),
        }
        return tuple(made[name] for name in ("workload", *names) if len(made[name].options) > 1)


def check_view(scene: Scene, names: Sequence[str], quantities: Mapping[str, str]) -> None:
    """Refuse a choice that this session does not offer: on a command line nobody sees what came instead.

    Raises:
        KernelscopeError: with what there is.
    """
    offered = {
        "workload": {name: name for name in scene.workload_names},
        "quantity": dict(quantities),
        "size": {shape.label: shape.label for shape in scene.measured_shapes},
        "target": {target.id: target.label for target in scene.measured_targets},
    }
    for name, options in offered.items():
        value = getattr(scene.view, name)
        if value and value not in options:
            there = ", ".join(options) or "none"
            raise KernelscopeError(f"no such {name} {value} in this session; there are: {there}")
        if value and name not in ("workload", *names):
            raise KernelscopeError(f"{scene.view.mode} charts have no choice of {name}")


def machine(session: Session) -> str:
    """The machine, then the drivers of what computed on it; NumPy's build string says little here."""
    host = session.host
    cores = f", {host.cores} cores" if host.cores else ""
    drivers = [
        f"{t.label}: {t.driver}" if t.driver and t.runtime is not Runtime.NUMPY else t.label
        for t in session.targets
    ]
    return " · ".join(dict.fromkeys((f"{host.processor or host.system}{cores}", *drivers)))
