"""What the chips of the question say."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from app.catalog.choice import NamedPlan
from app.core.baseline import fixed_baseline
from app.core.plan import Case
from app.core.selection import split
from app.core.target import Target
from app.gui.kernels.form import CUSTOM, TIPS
from app.gui.kernels.grid import VariantGrid
from app.gui.kernels.instances_box import InstancesBox
from app.gui.kernels.operands_box import OperandsBox
from app.gui.kernels.sizes_edit import SizesEdit
from app.gui.parts.pick_list import PickList
from app.gui.parts.pop_over import Chip
from app.gui.state.controller import Controller

LONGEST = 20
"""Letters of a name that a chip shows instead of a count."""


class Asked(Protocol):
    """A question with its chips, and what is chosen in them."""

    @property
    def chips(self) -> Mapping[str, Chip]: ...
    @property
    def workload(self) -> PickList: ...
    @property
    def variants(self) -> VariantGrid: ...
    @property
    def sizes(self) -> SizesEdit: ...
    @property
    def operands(self) -> OperandsBox: ...
    @property
    def instances(self) -> InstancesBox: ...
    @property
    def named(self) -> NamedPlan | None: ...
    @property
    def cases(self) -> Sequence[Case]: ...
    def chosen_targets(self) -> tuple[Target, ...]: ...
    def allowed(self) -> float: ...


def say(asked: Asked, control: Controller) -> None:
    """Bring the sentence in line with what is chosen; a named plan says what it brings."""
    named, chips = asked.named, asked.chips
    targets = [target.label for target in asked.chosen_targets()]
    baseline = control.baseline
    if named:
        chips["plan"].say(f"{named.name.capitalize()} plan")
        names = dict.fromkeys(name for choice in named.choices for name in choice.workload)
        chips["workload"].say(", ".join(names))
        brought = {
            "variants": list(dict.fromkeys(case.variant for case in asked.cases)),
            "sizes": list(dict.fromkeys(case.shape.label for case in asked.cases)),
        }
        for name, own in brought.items():
            chips[name].say(_many(own, name.removesuffix("s")) if own else f"its {name}")
            chips[name].setToolTip(f"The plan brings its own: {', '.join(own) or 'none that can run here'}")
        if control.session is None:
            baseline = named.baseline
    else:
        chips["plan"].say(CUSTOM)
        for name, tip in TIPS.items():
            chips[name].setToolTip(tip)
        chips["workload"].say(str(asked.workload.currentData()))
        variants = [key.partition("/")[2] for key in asked.variants.ticked()]
        chips["variants"].say(_many(variants, "variant"), not variants and bool(targets))
        sizes = [shape.label for shape in asked.sizes.shapes]
        chips["sizes"].say(_many(sizes, "size"), not sizes)
    chips["targets"].say(_many(targets, "target"), not targets and not control.searching)
    chips["baseline"].say(f"against {_baseline(baseline, control.targets)}")
    few = [f"{asked.allowed():g} s each"]
    few += ["caches bypassed"] * asked.operands.cold.isChecked()
    few += ["outliers"] * asked.operands.outliers.isChecked()
    count = asked.instances.value()
    few += [f"{count} instances"] * (count > 1)
    chips["time"].say(", ".join(few))


def _baseline(name: str, targets: Sequence[Target]) -> str:
    """``f32``, or a target and its variant."""
    fixed = fixed_baseline(targets, name)
    if fixed is None:
        return split([name])[0]
    labels = {target.id: target.label for target in targets}
    return f"{labels.get(fixed[0], name.rpartition('/')[0])} {fixed[1]}"


def _many(names: Sequence[str], what: str) -> str:
    """``7 targets``, or the name of the only one."""
    if len(names) == 1 and len(names[0]) <= LONGEST:
        return names[0]
    return f"{len(names) or 'no'} {what}{'s' * (len(names) != 1)}"
