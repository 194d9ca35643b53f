"""What the palette offers of the question: plans, workloads, targets and variants by name."""

from functools import partial
from typing import Protocol

from app.catalog.named_plans import NAMED_PLANS
from app.gui.kernels.grid import VariantGrid
from app.gui.parts.actions import Action
from app.gui.parts.tick_list import TickList
from app.workloads import workloads


class Choices(Protocol):
    """A question in which plans, workloads, targets and variants are chosen."""

    targets: TickList
    variants: VariantGrid

    def choose_plan(self, name: str) -> None: ...
    def choose_workload(self, name: str) -> None: ...


def kernel_offers(panel: Choices) -> list[Action]:
    """Everything that can be chosen there."""
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
    lists: tuple[tuple[str, TickList | VariantGrid], ...] = (
        ("target", panel.targets),
        ("variant", panel.variants),
    )
    for what, ticks in lists:
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
