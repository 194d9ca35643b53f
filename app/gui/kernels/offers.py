"""What the palette offers of the kernels panel: plans, workloads, targets and variants by name."""

from functools import partial
from typing import TYPE_CHECKING

from app.catalog.named_plans import NAMED_PLANS
from app.gui.parts.actions import Action
from app.workloads import workloads

if TYPE_CHECKING:
    from app.gui.kernels.panel import KernelsPanel


def kernel_offers(panel: "KernelsPanel") -> list[Action]:
    """Everything that can be chosen in ``panel``."""
    found = [
        Action(f"plan_{p.name}", "", f"Plan: {p.name}", "", p.question, partial(panel.choose_plan, p.name))
        for p in NAMED_PLANS
    ]
    found += [
        Action(
            f"workload_{name}",
            "",
            f"Workload: {w.title}",
            "",
            w.title,
            partial(panel.choose_workload, name),
        )
        for name, w in workloads().items()
    ]
    for what, ticks in (("target", panel.targets), ("variant", panel.variants)):
        ticked = set(ticks.ticked())
        for entry in ticks.entries:
            verb = "Untick" if entry.key in ticked else "Tick"
            slot = partial(ticks.set_ticked, entry.key, entry.key not in ticked)
            text = f"{verb} {what}: {entry.text}"
            found.append(
                Action(
                    f"{what}_{entry.key}",
                    "",
                    text,
                    "",
                    entry.tip,
                    slot,
                    when=partial(bool, entry.enabled),
                )
            )
    return found
