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


class OtherBox(ElidedBox):
    """Which kernel of the same runtime stands beside the chosen one: the baseline unless the user says so."""

    def __init__(self, controller: Controller, name: str, tip: str) -> None:
        super().__init__(name, tip, 10)
        self._controller = controller
        self._choice: TextChoice | None = None
        self._others: list[Kernel] = []
        self._asked: dict[str, str] = {}
        self.activated.connect(self._on_activated)

    def offer(self, choice: TextChoice) -> None:
        """List what may stand beside ``choice``."""
        self._choice = choice
        variant = choice.kernel.variant
        own = [Kernel(v, e, True) for v, e in self._controller.own.pairs(variant.workload)]
        same = offered(variant.workload, own, self._controller.session)
        self._others = [kernel for kernel in same if kernel.variant.runtime is variant.runtime]
        names = [name_of(kernel) for kernel in self._others]
        if [self.itemText(i) for i in range(self.count())] != names:
            self.clear()
            self.addItems(names)
        wanted = self._asked.get(name_of(choice.kernel), self._usual(choice.kernel))
        self.setCurrentIndex(names.index(wanted) if wanted in names else 0)

    def _usual(self, kernel: Kernel) -> str:
        if kernel.edit:
            return kernel.edit.like
        return first_match([other.variant.name for other in self._others], self._controller.baseline)

    def _on_activated(self) -> None:
        if self._choice:
            self._asked[name_of(self._choice.kernel)] = self.currentText()

    @property
    def chosen(self) -> TextChoice | None:
        """The other one, with parameters like those of the first."""
        if self._choice is None or self.currentIndex() < 0:
            return None
        other = self._others[self.currentIndex()]
        return TextChoice(other, self._choice.target, self._choice.shape, _like(other, self._choice))


class Comparison(QWidget):
    """A text beside the baseline or what a kernel of one's own was made from, or beside what is chosen."""

    find_asked = Signal(object)

    def __init__(self, controller: Controller, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._choice: TextChoice | None = None
        self._text = ""
        self.box = OtherBox(controller, "Compare with", "Which text stands at the left")
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
        self.box.activated.connect(lambda _: self._compare())

    def show_choice(self, choice: TextChoice, text: str) -> None:
        """Compare ``text``, which is that of ``choice``."""
        self._choice, self._text = choice, text
        self.box.offer(choice)
        self._compare()

    def _compare(self) -> None:
        choice, other = self._choice, self.box.chosen
        if choice is None or other is None:
            return
        left = shown(other, self._controller.session)
        titles = (title_of(other), title_of(choice))
        self.diff.compare(left.text, self._text, titles, choice.kernel.language)


def _like(kernel: Kernel, choice: TextChoice) -> dict[str, int | str]:
    """The other's parameters, with the values of the chosen one where it has them too: less differs then."""
    if kernel.edit:
        return kernel.edit.parameters
    variant = kernel.variant
    on, shape = choice.target, choice.shape
    usual = variant.defaults(on, shape) if on else {p.name: p.gpu for p in variant.parameters}
    return {name: choice.parameters.get(name, value) for name, value in usual.items()}


def name_of(kernel: Kernel) -> str:
    """What a list calls a kernel."""
    brought = " (from the session)" if kernel.edit and not kernel.mine else ""
    return kernel.variant.name + brought


def title_of(choice: TextChoice) -> str:
    """What stands above its text."""
    return f"{name_of(choice.kernel)}   {describe(choice.parameters)}"
