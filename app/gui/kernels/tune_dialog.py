"""Asks what to tune: which variant, on which target, at which size, and for how long at most."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from app.catalog.index import variants
from app.catalog.request import key
from app.core.plan import Case
from app.core.shape import Shape, names
from app.core.target import Target
from app.core.tuning import TuneSettings, describe
from app.core.variant import Variant
from app.figures import units
from app.gui.parts.elided import ElidedBox
from app.machine.store import Store
from app.machine.tuned import tunable


class TuneDialog(QDialog):
    """Lists only what can be tuned; ``case`` is what was chosen, with its default parameters."""

    def __init__(
        self,
        targets: tuple[Target, ...],
        workload: str,
        shapes: tuple[Shape, ...],
        store: Store,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Tune")
        self._targets, self._store = targets, store
        self._own = tuple(v for v in variants() if v.workload == workload and v.checked)
        self._shapes = shapes
        self.target = ElidedBox("Target to tune on", "Where the search runs", 30)
        self.variant = ElidedBox("Variant to tune", "Those that have parameters", 30)
        self.shape = ElidedBox("Size to tune at", "What is found holds for sizes like it", 30)
        self.seconds = QDoubleSpinBox(minimum=10, maximum=3600, decimals=0, value=120, suffix=" s")
        self.seconds.setAccessibleName("Most time for the search")
        self.known = QLabel(
            wordWrap=True, accessibleName="What is known of it", textFormat=Qt.TextFormat.PlainText
        )
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.start = self.buttons.addButton("&Tune", QDialogButtonBox.ButtonRole.AcceptRole)
        self._build()

    def _build(self) -> None:
        why = QLabel(
            "Tries the variant's parameters one set after the other, measures the best again in turn with "
            "the defaults, and keeps what is surely faster: later runs on this target use it and say so.",
            wordWrap=True,
        )
        form = QFormLayout()
        for name, widget in (
            ("T&arget", self.target),
            ("&Variant", self.variant),
            ("&Size", self.shape),
            ("&At most", self.seconds),
        ):
            form.addRow(name, widget)
        layout = QVBoxLayout(self)
        layout.addWidget(why)
        layout.addLayout(form)
        layout.addWidget(self.known)
        layout.addWidget(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for shape, name in reversed(names(self._shapes).items()):
            self.shape.addItem(name, shape)
        for target in self._targets:
            if tunable([target], self._own, self._shapes[:1]):
                self.target.addItem(target.label, target)
        self.target.currentIndexChanged.connect(self._list_variants)
        for box in (self.variant, self.shape):
            box.currentIndexChanged.connect(self._say_known)
        self._list_variants()

    def _list_variants(self) -> None:
        target = self.target.currentData()
        self.variant.clear()
        for case in tunable([target] if target else [], self._own, self._shapes[:1]):
            found = next(v for v in self._own if v.name == case.variant and v.runtime is target.runtime)
            self.variant.addItem(f"{found.name}: {', '.join(p.name for p in found.parameters)}", found)
        self._say_known()

    def prefer(self, target: str, variant_keys: list[str]) -> None:
        """Begin with this target, and with the first of these variants that can be tuned."""
        ids = [self.target.itemData(i).id for i in range(self.target.count())]
        if target in ids:
            self.target.setCurrentIndex(ids.index(target))
        keys = [key(self.variant.itemData(i)) for i in range(self.variant.count())]
        self.variant.setCurrentIndex(next((keys.index(k) for k in variant_keys if k in keys), 0))

    @property
    def case(self) -> Case | None:
        """What to tune; None where nothing can be."""
        target: Target | None = self.target.currentData()
        variant: Variant | None = self.variant.currentData()
        shape: Shape | None = self.shape.currentData()
        if target is None or variant is None or shape is None:
            return None
        return Case(target.id, variant.workload, variant.name, shape, variant.defaults(target, shape))

    @property
    def settings(self) -> TuneSettings:
        """How long to search."""
        return TuneSettings(seconds=self.seconds.value())

    def _say_known(self) -> None:
        case = self.case
        self.start.setEnabled(case is not None)
        if case is None:
            self.known.setText(
                "Nothing to tune: tick a target that runs a variant with parameters, and give a size."
            )
            return
        target: Target = self.target.currentData()
        found = self._store.tuning(target, case.workload, case.variant, target.runtime, case.shape)
        if found is None:
            self.known.setText(f"Not tuned yet. Defaults: {describe(case.parameters)}.")
            return
        ratio = found.speedup
        gain = f", {units.times(ratio.value)} the defaults' speed" if ratio and ratio.value != 1 else ""
        self.known.setText(f"Tuned {found.date[:10]}: {describe(found.parameters)}{gain}.")
