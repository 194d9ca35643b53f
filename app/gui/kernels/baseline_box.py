"""Picks the baseline: a variant of the same target, or one line for all targets."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.core.baseline import USUAL_BASELINE, first_match
from app.core.selection import split
from app.core.target import Runtime, Target
from app.core.variant import Variant
from app.gui.parts.pick_list import PickList


class BaselineBox(PickList):
    """``chosen`` carries the name as plans spell it: ``f32``, or ``TARGET/VARIANT``."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            "Baseline",
            "What speedups are measured against. A variant's name means that variant on each target\n"
            "(on targets of another kind, their first one); the entries below it put every target\n"
            "on one axis. Changing it after a run only recalculates.",
            parent,
        )
        self.activated.connect(lambda: self.chosen.emit(self.baseline))

    @property
    def baseline(self) -> str:
        """The chosen baseline."""
        return str(self.currentData() or USUAL_BASELINE)

    def offer(self, variants: tuple[Variant, ...], targets: tuple[Target, ...], chosen: str) -> None:
        """List what there is, keeping ``chosen`` even when it is of a session from elsewhere."""
        names: dict[Runtime, list[str]] = {}
        for variant in variants:
            names.setdefault(variant.runtime, []).append(variant.name)
        used = {t.runtime: names[t.runtime] for t in targets if t.runtime in names}
        entries = {name: _words(name, used) for name in (USUAL_BASELINE, *(v.name for v in variants))}
        fixed = {
            f"{t.id}/{names[t.runtime][0]}": f"{t.label} {names[t.runtime][0]} for all (one axis)"
            for t in sorted(targets, key=lambda t: t.runtime is not Runtime.NUMPY)
            if t.runtime in names
        }
        extra = {} if chosen in entries or chosen in fixed else {chosen: ", ".join(split([chosen]))}
        wanted = [*entries.items(), *fixed.items(), *extra.items()]
        if wanted != [(self.itemData(i), self.itemText(i)) for i in range(self.count())]:
            self.clear()
            for name, text in wanted:
                self.addItem(text, name)
        self.setCurrentIndex(self.findData(chosen))


def _words(baseline: str, used: Mapping[Runtime, Sequence[str]]) -> str:
    """``f32 of each target``, or ``f32 (Wasm: f32-simd)`` where a runtime has none such."""
    found = {runtime: first_match(own, baseline) for runtime, own in used.items()}
    name = split([baseline])[0]
    others = [f"{runtime.about.short}: {own}" for runtime, own in found.items() if own != name]
    return f"{name} ({', '.join(others)})" if others else f"{name} of each target"
