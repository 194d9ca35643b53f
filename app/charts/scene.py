"""Scenes: what a chart is drawn from, and what the user chose to see of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct, structs

from app.core.articles import Articles
from app.core.baseline import baseline_names, fixed_baseline
from app.core.searches import Search
from app.core.selection import split
from app.core.session import Session
from app.core.shape import Shape, in_line, in_order, names
from app.core.target import Runtime, Target
from app.core.workload import Workload
from app.findings.compilers import Twin, twins
from app.findings.naming import few
from app.findings.rows import Row, instances, operands
from app.findings.scaling import Scaling, scalings

OLD_NAMES = {"sweep": "size", "cube": "heatmap"}
"""What modes are called now that saved views and command lines may call otherwise."""


def current_name(mode: str) -> str:
    """The name that a mode has now."""
    return OLD_NAMES.get(mode, mode)


class View(Struct, frozen=True):
    """What the user chose to see; an empty choice is the mode's own, as is one that a session lacks.

    ``size`` is a shape's label and ``target`` a target's id, ``search`` names a tuning (``str`` of it) and
    ``parameters`` two of what it searched; ``panels`` says what shares one. ``articles`` lays what these
    report under charts that it suits. Small and without Qt, so that it can be remembered, undone and saved.
    """

    mode: str = "size"
    workload: str = ""
    quantity: str = ""
    size: str = ""
    target: str = ""
    search: str = ""
    parameters: str = ""
    panels: str = ""
    articles: bool = False

    def __post_init__(self) -> None:
        """A mode may be called by its old name."""
        structs.force_setattr(self, "mode", current_name(self.mode))


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
class Scene:
    """A session with its rows, as ``view`` looks at it; ``articles`` are all that they report."""

    session: Session
    rows: Sequence[Row]
    workloads: Mapping[str, Workload]
    baseline: str
    view: View = DEFAULT
    articles: Articles | None = None

    def of(self, workload: str) -> "Scene":
        """The scene with the same look at another workload."""
        return replace(self, view=structs.replace(self.view, workload=workload))

    @cached_property
    def workload_names(self) -> tuple[str, ...]:
        """The workloads of the plan, then those that were only tuned."""
        cases = (*self.session.plan.cases, *(search.case for search in self.session.searches))
        return tuple(dict.fromkeys(case.workload for case in cases))

    @property
    def workload_chosen(self) -> bool:
        """Whether the user chose one that the session has."""
        return self.view.workload in self.workload_names

    @cached_property
    def workload(self) -> str:
        """The name of the workload shown: the first unless another was chosen."""
        return self.view.workload if self.workload_chosen else next(iter(self.workload_names), "")

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
    def kernels(self) -> tuple[Row, ...]:
        """Those of them that are no library's, which stand beside these; all where there are no others."""
        return tuple(row for row in self.own if not row.target.is_peer) or self.own

    @cached_property
    def peers(self) -> tuple[Row, ...]:
        """The libraries beside which kernels stand."""
        peers = tuple(row for row in self.own if row.target.is_peer)
        return peers if len(peers) < len(self.own) else ()

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shapes that the session has of it, in order."""
        cases = (*self.session.plan.cases, *(row.measurement.case for row in self.own))
        return in_order(case.shape for case in cases if case.workload == self.workload)

    @cached_property
    def in_line(self) -> bool:
        """Whether the shapes lie on an axis of sizes, and lines may join them; else they are names on it."""
        return in_line(self.shapes)

    @cached_property
    def places(self) -> dict[Shape, float]:
        """The place of each shape on an axis of shapes."""
        return {shape: shape.size if self.in_line else float(i) for i, shape in enumerate(self.shapes)}

    @cached_property
    def _names(self) -> dict[Shape, str]:
        return names(self.shapes)

    def name(self, shape: Shape) -> str:
        """What a shape is called beside the others."""
        return self._names.get(shape, shape.label)

    @cached_property
    def measured_shapes(self) -> tuple[Shape, ...]:
        """The shapes at which something has a result."""
        there = {row.measurement.case.shape for row in self.own if row.ok}
        return tuple(shape for shape in self.shapes if shape in there)

    @cached_property
    def shape(self) -> Shape | None:
        """The shape shown, of those measured."""
        return self.shape_of(self.measured_shapes)

    def shape_of(self, there: Sequence[Shape]) -> Shape | None:
        """The shape of these, in order, that is shown: the largest unless another was chosen."""
        chosen = (shape for shape in there if shape.called(self.view.size))
        return next(chosen, there[-1] if there else None)

    @cached_property
    def measured_targets(self) -> tuple[Target, ...]:
        """The targets on which something has a result."""
        there = {row.target.id for row in self.own if row.ok}
        return tuple(target for target in self.session.targets if target.id in there)

    @property
    def target(self) -> Target | None:
        """The target shown: the first that was measured unless another was chosen."""
        return self.target_of(*Runtime)

    def targets_of(self, *runtimes: Runtime) -> tuple[Target, ...]:
        """The measured targets of these runtimes."""
        return tuple(target for target in self.measured_targets if target.runtime in runtimes)

    def target_of(self, *runtimes: Runtime) -> Target | None:
        """The target of these runtimes that is shown: the first unless another was chosen."""
        there = self.targets_of(*runtimes)
        chosen = (target for target in there if target.id == self.view.target)
        return next(chosen, there[0] if there else None)

    @property
    def labels(self) -> dict[str, str]:
        """What each target is called."""
        return {target.id: target.label for target in self.session.targets}

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """Names of the plan's variants, in the catalogue's order: colours stay while a chart fills."""
        known = [variant.name for variant in self.session.variants if variant.workload == self.workload]
        order = {name: i for i, name in reversed(list(enumerate(known)))}
        planned = [case for case in self.session.plan.cases if case.workload == self.workload]
        planned.sort(key=lambda case: order.get(case.variant, len(order)))
        return tuple(dict.fromkeys(case.name for case in planned))

    @property
    def fixed(self) -> bool:
        """Whether the baseline is on one target for all."""
        return fixed_baseline(self.session.targets, self.baseline) is not None

    @property
    def baseline_short(self) -> str:
        """The baseline on an axis: ``f32 / f32-simd``, or ``f32 on NumPy``."""
        fixed = fixed_baseline(self.session.targets, self.baseline)
        if fixed:
            label = self.labels.get(fixed[0], self.baseline.rsplit("/", 1)[0])
            return f"{fixed[1]} on {label}"
        used = {target.runtime.value for target in self.session.targets}
        names = dict.fromkeys(name for runtime, name in self._bases.items() if runtime in used)
        asked = {name: i for i, name in enumerate(split([self.baseline]))}
        return " / ".join(sorted(names, key=lambda name: asked.get(name, len(asked))))

    def baseline_on(self, target: Target) -> str:
        """The baseline of one target."""
        if self.fixed:
            return self.baseline_short
        return self._bases.get(target.runtime.value, self.baseline)

    @cached_property
    def _bases(self) -> dict[str, str]:
        """The variant that is the workload's baseline in each runtime, by the runtime's name."""
        own = (variant for variant in self.session.variants if variant.workload == self.workload)
        return {runtime: name for _, runtime, name in sorted(baseline_names(own, self.baseline))}

    @property
    def baseline_title(self) -> str:
        """The baseline in a title; says where it is too."""
        return self.baseline_short + ("" if self.fixed else " of the same target")

    def frame(self, what: str, footnote: str = "") -> dict[str, Any]:
        """What every picture of this scene says around itself: the workload and ``what``, machine, date."""
        session = self.session
        warmth = operands(self.own, self.workloads.get(self.workload))
        return {
            "title": f"{self.workload_title}: {what}",
            "caption": " · ".join(filter(None, (machine(session), warmth, instances(self.own)))),
            "footer": " · ".join(
                filter(None, (session.created[:10], f"Kernelscope {session.app_version}", footnote))
            ),
            "created": session.created,
            "targets": tuple(target.id for target in session.targets),
            "labels": self.labels,
            "variants": self.variants,
            "bases": tuple(row for row in self.own if row.is_baseline),
        }

    @cached_property
    def twins(self) -> list[Twin]:
        """Cases of the workload that were compiled by naga and by a browser on one adapter."""
        return twins(self.own)

    @cached_property
    def scalings(self) -> list[Scaling]:
        """Kernels of the workload that ran on several numbers of threads."""
        return scalings(self.own)

    @cached_property
    def searches(self) -> tuple[Search, ...]:
        """The tunings of the workload shown."""
        return tuple(s for s in self.session.searches if s.case.workload == self.workload)

    @cached_property
    def search(self) -> Search | None:
        """The tuning shown: the last unless another was chosen."""
        chosen = (search for search in self.searches if str(search) == self.view.search)
        return next(chosen, self.searches[-1] if self.searches else None)


MOST_MACHINES = 9
"""Machines that a caption has room for."""


def machine(session: Session) -> str:
    """The machine, then the drivers of what computed on it; NumPy's build string says little here.

    Of a fleet the machines: targets have them in their names, and drivers are in the reports.
    """
    hosts = session.hosts
    if len(hosts) > 1:
        return f"{len(hosts)} machines: {few(list(hosts), MOST_MACHINES)}"
    host = next(iter(hosts.values()))
    used = {measurement.case.target for measurement in session.measurements}
    cores = f", {host.core_words}" if host.cores else ""
    drivers = [
        f"{t.label}: {t.driver}" if t.driver and t.runtime is not Runtime.NUMPY else t.label
        for t in session.targets
        if t.id in used or not used
    ]
    return " · ".join(dict.fromkeys((f"{host.processor or host.system}{cores}", *drivers)))
