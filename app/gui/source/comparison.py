"""The diff page: the chosen text, and which other one it is compared with."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from app.core.baseline import first_match
from app.core.tuning import describe
from app.gui.parts.elided import ElidedBox
from app.gui.source.choice import Kernel, TextChoice, offered, shown
from app.gui.source.diff_view import DiffView
from app.gui.state.controller import Controller


class Comparison(QWidget):
    """A text beside the baseline or what a kernel of one's own was made from, or beside what is chosen."""

    find_asked = Signal(object)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._choice: TextChoice | None = None
        self._text = ""
        self._others: list[Kernel] = []
        self._asked: dict[str, str] = {}
        self.box = ElidedBox("Compare with", "Which text stands at the left", 10)
        self.diff = DiffView()
        self.diff.find_asked.connect(self.find_asked)
        label = QLabel("&Compare with")
        label.setBuddy(self.box)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self.box, 1)
        for text, tip, step in (
            ("▲", "Previous difference (Alt+Up)", -1),
            ("▼", "Next difference (Alt+Down)", 1),
        ):
            button = QToolButton(text=text, toolTip=tip, accessibleName=tip, autoRaise=True)
            button.clicked.connect(partial(self.diff.walk, step))
            head.addWidget(button)
        head.addWidget(self.diff.count, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.diff, 1)
        self.box.activated.connect(self._on_box)

    def show_choice(self, choice: TextChoice, text: str) -> None:
        """Compare ``text``, which is that of ``choice``."""
        self._choice, self._text = choice, text
        variant = choice.kernel.variant
        own = [Kernel(v, e, True) for v, e in self._controller.own.pairs(variant.workload)]
        same = offered(variant.workload, own, self._controller.session)
        self._others = [kernel for kernel in same if kernel.variant.runtime is variant.runtime]
        names = [_name(kernel) for kernel in self._others]
        if [self.box.itemText(i) for i in range(self.box.count())] != names:
            self.box.clear()
            self.box.addItems(names)
        wanted = self._asked.get(_name(choice.kernel), self._usual(choice.kernel))
        self.box.setCurrentIndex(names.index(wanted) if wanted in names else 0)
        self._compare()

    def _usual(self, kernel: Kernel) -> str:
        if kernel.edit:
            return kernel.edit.like
        return first_match([other.variant.name for other in self._others], self._controller.baseline)

    def _on_box(self) -> None:
        if self._choice:
            self._asked[_name(self._choice.kernel)] = self.box.currentText()
        self._compare()

    def _compare(self) -> None:
        choice = self._choice
        if choice is None or self.box.currentIndex() < 0:
            return
        other = self._others[self.box.currentIndex()]
        parameters = _like(other, choice)
        left = shown(TextChoice(other, choice.target, choice.shape, parameters), self._controller.session)
        titles = (_title(other, parameters), _title(choice.kernel, choice.parameters))
        self.diff.compare(left.text, self._text, titles, choice.kernel.language)


def _like(kernel: Kernel, choice: TextChoice) -> dict[str, int | str]:
    """The other's parameters, with the values of the chosen one where it has them too: less differs then."""
    if kernel.edit:
        return kernel.edit.parameters
    variant = kernel.variant
    on, shape = choice.target, choice.shape
    usual = variant.defaults(on, shape) if on else {p.name: p.gpu for p in variant.parameters}
    return {name: choice.parameters.get(name, value) for name, value in usual.items()}


def _name(kernel: Kernel) -> str:
    brought = " (from the session)" if kernel.edit and not kernel.mine else ""
    return kernel.variant.name + brought


def _title(kernel: Kernel, parameters: dict[str, int | str]) -> str:
    return f"{_name(kernel)}   {describe(parameters)}"
