"""Choosing a case: workload, variant, target, size, parameters."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QComboBox, QMenu, QPushButton, QVBoxLayout, QWidget

from app.core.session import Session
from app.core.shape import Shape, in_order, names
from app.core.target import Target
from app.core.tuning import describe
from app.core.variant import Parameter
from app.gui.parts.elided import ElidedBox
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.plain import plain
from app.gui.source.choice import Kernel, TextChoice, offered
from app.gui.state.controller import Controller
from app.workloads import workloads


class ChoiceBar(QWidget):
    """``chosen`` carries a TextChoice whenever the user makes another, ``choice`` is the present one."""

    chosen = Signal(object)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._kernels: list[Kernel] = []
        self._targets: list[Target] = []
        self._shapes: tuple[Shape, ...] = ()
        self.menus: dict[str, QMenu] = {}
        self.choice: TextChoice | None = None
        self.workload = _box("Workload of the text", "The problem that the kernel solves", 7)
        self.variant = _box("Variant of the text", "Which kernel; yours stand first", 14)
        self.target = _box("Target of the text", "Where: parameters differ by target", 10)
        self.shape = _box("Size of the text", "At which size: it tells which case ran this text", 6)
        self.parameters = QPushButton("Parameters", accessibleName="Parameters of the text")
        self._list_workloads()
        self.workload.setCurrentIndex(max(0, self.workload.findData("matvec")))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(
            FoldingBar(
                ((self.workload, 2), (self.variant, 4)),
                ((self.target, 3), (self.shape, 1), (self.parameters, 0)),
            )
        )
        self.workload.activated.connect(self._on_workload)
        for box in (self.variant, self.target, self.shape):
            box.activated.connect(self._on_box)
        self.refresh()

    def _list_workloads(self) -> None:
        """Offer those that came meanwhile, such as an opened problem's, too."""
        for name, workload in workloads().items():
            if self.workload.findData(name) < 0:
                self.workload.addItem(workload.title, name)

    def own(self, workload: str) -> list[Kernel]:
        """The user's own kernels of a workload."""
        return [Kernel(variant, edit, True) for variant, edit in self._controller.own.pairs(workload)]

    def refresh(self) -> None:
        """Offer what there is now; the choice stays as far as it can."""
        self._list_workloads()
        session = self._controller.session
        workload = str(self.workload.currentData())
        self._kernels = offered(workload, self.own(workload), session)
        choice = self.choice or self._first(session)
        self.show_choice(replace(choice, kernel=self._same(choice.kernel)))

    def _first(self, session: Session | None) -> TextChoice:
        kernel = next((k for k in self._kernels if not k.edit), self._kernels[0])
        shapes = self._sizes(session)
        return self._settled(TextChoice(kernel, None, shapes[len(shapes) // 2] if shapes else None, {}))

    def _same(self, kernel: Kernel) -> Kernel:
        """The kernel as it is offered now: texts of one's own change."""
        key = (kernel.variant.name, kernel.variant.runtime, kernel.mine)
        alike = [k for k in self._kernels if (k.variant.name, k.variant.runtime, k.mine) == key]
        return next((k for k in alike if k.edit == kernel.edit), alike[0] if alike else self._kernels[0])

    def show_choice(self, choice: TextChoice) -> None:
        """Set all boxes to ``choice``, and say so."""
        session = self._controller.session
        workload = choice.kernel.variant.workload
        self._list_workloads()
        self.workload.setCurrentIndex(self.workload.findData(workload))
        self._kernels = offered(workload, self.own(workload), session)
        self._shapes = self._sizes(session)
        known = workloads().get(workload)
        if choice.shape and known and len(choice.shape.sizes) != len(known.dimensions):
            choice = replace(choice, shape=self._shapes[len(self._shapes) // 2])  # it was another workload's
        choice = self._settled(replace(choice, kernel=self._same(choice.kernel)))
        if choice.shape and choice.shape not in self._shapes:
            self._shapes = in_order([*self._shapes, choice.shape])
        _fill(self.variant, list(map(_title, self._kernels)), _index(self._kernels, choice.kernel))
        self._tips()
        _fill(self.target, [t.label for t in self._targets], _index(self._targets, choice.target))
        _fill(self.shape, list(names(self._shapes).values()), _index(self._shapes, choice.shape))
        self.target.setEnabled(bool(self._targets))
        self._offer_parameters(choice)
        self.choice = choice
        self.chosen.emit(choice)

    def _tips(self) -> None:
        for i, kernel in enumerate(self._kernels):
            self.variant.setItemData(i, plain(kernel.variant.summary), Qt.ItemDataRole.ToolTipRole)

    def _settled(self, choice: TextChoice) -> TextChoice:
        """``choice`` with a target that runs its kernel, and parameters that the kernel has."""
        variant, session = choice.kernel.variant, self._controller.session
        known = {t.id: t for t in (session.targets if session else ())}
        known |= {t.id: t for t in self._controller.targets}
        self._targets = [t for t in known.values() if t.runtime is variant.runtime]
        target = choice.target if choice.target in self._targets else None
        if target is None:
            same = [t for t in self._targets if choice.target and t.id == choice.target.id]
            target = next(iter([*same, *self._targets]), None)
        names = {p.name for p in variant.parameters}
        parameters = choice.parameters
        if choice.kernel.edit:
            parameters = dict(choice.kernel.edit.parameters)
        elif parameters.keys() != names:
            parameters = self._usual(choice.kernel, target, choice.shape)
        return TextChoice(choice.kernel, target, choice.shape, parameters)

    def _usual(self, kernel: Kernel, target: Target | None, shape: Shape | None) -> dict[str, int | str]:
        """The parameters that it ran with here, else the defaults of the target."""
        variant = kernel.variant
        for row in self._controller.rows:
            case = row.measurement.case
            if row.variant == variant and target and (case.target, case.shape) == (target.id, shape):
                return case.parameters
        return variant.defaults(target, shape) if target else {p.name: p.gpu for p in variant.parameters}

    def _sizes(self, session: Session | None) -> tuple[Shape, ...]:
        workload = str(self.workload.currentData())
        cases = session.plan.cases if session else ()
        ran = [case.shape for case in cases if case.workload == workload]
        return in_order([*ran, *workloads()[workload].default_shapes])

    def _on_workload(self) -> None:
        self.choice = None
        self.refresh()

    def _on_box(self) -> None:
        kernel = self._kernels[self.variant.currentIndex()]
        target = self._targets[self.target.currentIndex()] if self.target.currentIndex() >= 0 else None
        shape = self._shapes[self.shape.currentIndex()] if self.shape.currentIndex() >= 0 else None
        self.show_choice(TextChoice(kernel, target, shape, {}))

    def _offer_parameters(self, choice: TextChoice) -> None:
        variant = choice.kernel.variant
        before, menu = self.parameters.menu(), QMenu(self)
        if before:
            before.deleteLater()
        self.menus = {}
        # A session of an older version may not know them all.
        for parameter in [p for p in variant.parameters if p.name in choice.parameters]:
            chosen = choice.parameters[parameter.name]
            below = self.menus[parameter.name] = menu.addMenu(f"{parameter.name}: {chosen}")
            group = QActionGroup(below)
            for value in _values(parameter, chosen):
                action = below.addAction(str(value))
                action.setCheckable(True)
                action.setChecked(value == chosen)
                action.triggered.connect(lambda _=False, n=parameter.name, v=value: self._set_parameter(n, v))
                group.addAction(action)
        self.parameters.setMenu(menu)
        self.parameters.setEnabled(bool(variant.parameters) and not choice.kernel.edit)
        about = describe(choice.parameters) or "none"
        fixed = "\nFixed: the text was written for them" if choice.kernel.edit else ""
        self.parameters.setToolTip(plain(f"Parameters: {about}{fixed}"))
        self.parameters.setAccessibleDescription(about)

    def _set_parameter(self, name: str, value: int | str) -> None:
        if self.choice:
            self.show_choice(replace(self.choice, parameters={**self.choice.parameters, name: value}))


def _values(parameter: Parameter, chosen: int | str) -> list[int | str]:
    found = {*parameter.choices, parameter.gpu, parameter.cpu, chosen}
    return sorted(found, key=lambda value: (isinstance(value, str), value))


def _title(kernel: Kernel) -> str:
    note = ", yours" if kernel.mine else ", from the session" if kernel.edit else ""
    return f"{kernel.variant.name}  ({kernel.variant.runtime.about.short}{note})"


def _box(name: str, tip: str, letters: int) -> ElidedBox:
    box = ElidedBox(name, tip, letters)
    box.setMaxVisibleItems(30)
    box.view().setMinimumWidth(box.fontMetrics().averageCharWidth() * 34)
    return box


def _fill(box: QComboBox, texts: list[str], index: int) -> None:
    """Fill a box only where its texts change: an open list must not jump."""
    if [box.itemText(i) for i in range(box.count())] != texts:
        box.clear()
        box.addItems(texts)
    box.setCurrentIndex(index)


def _index(items: Sequence[Any], item: object) -> int:
    return list(items).index(item) if item in items else -1
