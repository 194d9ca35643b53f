"""Picks the base line: a variant of the same target, or one line for all targets."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from app.core.baseline import baseline_names
from app.core.target import Target
from app.core.variant import Variant


class BaselineBox(QComboBox):
    """``chosen`` carries the name as plans spell it: ``f32``, or ``TARGET/VARIANT``."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Base line")
        self.setToolTip(
            "What speedups are measured against. A variant's name means that variant on each target\n"
            "(on targets of another kind, their first one); the entries below it put every target\n"
            "on one axis. Changing it after a run only recalculates."
        )
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda: self.chosen.emit(self.baseline))

    @property
    def baseline(self) -> str:
        """The chosen base line."""
        return str(self.currentData() or "f32")

    def offer(self, variants: tuple[Variant, ...], targets: tuple[Target, ...], chosen: str) -> None:
        """List what there is, keeping ``chosen`` even when it is of a session from elsewhere."""
        entries = {v.name: _words(v.name, variants, targets) for v in variants}
        firsts: dict[str, str] = {}
        for variant in variants:
            firsts.setdefault(variant.runtime.value, variant.name)
        fixed = {
            f"{t.id}/{firsts[t.runtime.value]}": f"{t.label} {firsts[t.runtime.value]} for all (one axis)"
            for t in sorted(targets, key=lambda t: t.runtime.value != "numpy")
            if t.runtime.value in firsts
        }
        extra = {} if chosen in entries or chosen in fixed else {chosen: chosen}
        wanted = [*entries.items(), *fixed.items(), *extra.items()]
        if wanted != [(self.itemData(i), self.itemText(i)) for i in range(self.count()) if self.itemData(i)]:
            self.clear()
            for name, text in wanted:
                if name in fixed and list(fixed).index(name) == 0:
                    self.insertSeparator(self.count())
                self.addItem(text, name)
        self.setCurrentIndex(self.findData(chosen))


def _words(name: str, variants: tuple[Variant, ...], targets: tuple[Target, ...]) -> str:
    """``f32 of each target``; where a runtime has none such, what stands for it there."""
    used = dict.fromkeys(target.runtime.value for target in targets)
    found = {runtime: own for _, runtime, own in baseline_names(variants, name) if runtime in used}
    others = [f"{found[runtime]} ({runtime})" for runtime in used if found.get(runtime, name) != name]
    return f"{name}; else {', '.join(others)}" if others else f"{name} of each target"
