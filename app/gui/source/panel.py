"""The source panel: the text of a case, the same beside another, and what it reads."""

from enum import IntEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.catalog.index import access
from app.core.errors import KernelscopeError
from app.core.feature_tests import web_ready
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.variant import Parameters, Variant
from app.findings.rows import Row
from app.gui.parts.actions import Action
from app.gui.parts.elided import ElidedLabel
from app.gui.parts.in_front import in_front
from app.gui.parts.memory import Memory
from app.gui.source.access_view import AccessView
from app.gui.source.choice import Kernel, Shown, TextChoice, choice_of, shown, words
from app.gui.source.choice_bar import ChoiceBar
from app.gui.source.code_view import CodeView
from app.gui.source.comparison import Comparison
from app.gui.source.compiled_page import CompiledPage
from app.gui.source.contract_view import ContractView
from app.gui.source.editor import Editor
from app.gui.source.find_bar import FindBar
from app.gui.source.problem_maker import ProblemMaker
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where
from app.storage.files import write_atomically
from kernels.access import Pattern

MENU = "&Edit/&Kernel"


class Page(IntEnum):
    """What is shown of the chosen case."""

    TEXT = 0
    DIFF = 1
    ACCESS = 2
    COMPILED = 3
    CONTRACT = 4


class SourcePanel(QWidget):
    """Follows what is chosen elsewhere; ``wanted`` asks to be brought to the front."""

    wanted = Signal()

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._memory = memory
        self._shown = Shown("")
        self._asked: tuple[object, ...] = ()
        self._pattern: Pattern | None = None
        self.bar = ChoiceBar(controller)
        self.code = CodeView("Source")
        self.origin = ElidedLabel()
        self.origin.setForegroundRole(self.origin.foregroundRole().PlaceholderText)
        self.editor = Editor(controller, self.bar, self.code)
        self.comparison = Comparison(controller)
        self.access = AccessView(controller)
        self.contract = ContractView()
        self.compiled = CompiledPage(controller)
        self.finder = FindBar()
        self.maker = ProblemMaker(controller, self.editor, self.bar, self)
        self.pages = QTabWidget(documentMode=True)
        self._made: dict[str, QToolButton | QAction] = {}
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        text = QWidget()
        column = QVBoxLayout(text)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.code, 1)
        column.addWidget(self.editor.bar)
        self.pages.addTab(text, "Text")
        self.pages.addTab(self.comparison, "Diff")
        self.pages.addTab(self.access, "Access pattern")
        self.pages.addTab(self.compiled, "Compiled")
        self.pages.addTab(self.contract, "Contract")
        self.pages.setTabToolTip(Page.DIFF, "The text beside another one, differences marked")
        self.pages.setTabToolTip(Page.ACCESS, "Which thread reads which word, step by step")
        self.pages.setTabToolTip(Page.COMPILED, "What compilers made of it: the hot loop, counted")
        self.pages.setTabToolTip(Page.CONTRACT, "What a text in its place is given, and what it has to do")
        corner = QWidget()
        row = QHBoxLayout(corner)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        more = QPushButton("Copy", flat=True, accessibleName="Copy or save the text")
        more.setMenu(QMenu(more))
        for action in self.commands():
            if action.name in ("edit_kernel", "find_text"):
                button = QToolButton(text=action.text.replace("&", ""), autoRaise=True)
                button.setToolTip(f"{action.tip} ({action.keys})" if action.keys else action.tip)
                button.clicked.connect(action.slot)
                self._made[action.name] = button
                row.addWidget(button)
            else:
                made = more.menu().addAction(action.text)
                made.setToolTip(action.tip)
                made.triggered.connect(action.slot)
                self._made[action.name] = made
        more.menu().setToolTipsVisible(True)
        row.addWidget(more)
        self.pages.setCornerWidget(corner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 2)
        layout.setSpacing(4)
        layout.addWidget(self.bar)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.finder)
        layout.addWidget(self.origin)
        self.setFocusProxy(self.code)

    def _connect(self) -> None:
        control = self._controller
        self.bar.chosen.connect(lambda _: self.refresh())
        self.editor.changed.connect(self._say)
        self.code.find_asked.connect(self.open_find)
        self.comparison.find_asked.connect(self.finder.open)
        self.pages.currentChanged.connect(lambda _: self.refresh())
        control.session_changed.connect(self.bar.refresh)
        control.hardware_changed.connect(self.bar.refresh)
        control.own.changed.connect(self.bar.refresh)
        control.problems.changed.connect(lambda _: self.bar.refresh())
        control.rows_changed.connect(self.refresh)
        control.running_changed.connect(lambda _: self.refresh())
        control.row_chosen.connect(self.show_row)

    def commands(self) -> list[Action]:
        """What can be done with the text shown."""
        return [
            Action(
                "edit_kernel",
                MENU,
                "&Edit",
                "Ctrl+Shift+E",
                "Start a kernel of your own from this text; F5 in it runs it",
                self.edit,
                when=self._editable,
            ),
            Action("find_text", MENU, "&Find", "", "Find in the text: Ctrl+F in it", self.open_find),
            Action("copy_text", MENU, "&Copy", "", "Copy the text exactly as it runs", self.copy),
            Action(
                "copy_web",
                MENU,
                "Copy for the &web",
                "",
                "Copy the text with the directives that browsers demand, such as enable subgroups;",
                self.copy_web,
                when=lambda: self._kernel.variant.runtime is Runtime.WGSL,
            ),
            Action("save_text", MENU, "&Save as…", "", "Write the text to a file", self.save),
            *self.maker.commands(MENU, lambda: self._kernel.mine and self.choice.shape is not None),
        ]

    @property
    def choice(self) -> TextChoice:
        """The case that all pages are about."""
        assert self.bar.choice is not None
        return self.bar.choice

    @property
    def _kernel(self) -> Kernel:
        return self.choice.kernel

    @property
    def text(self) -> str:
        """The text as it is on screen."""
        if self._kernel.mine and self.editor.typing:
            return self.code.toPlainText()
        return shown(self.choice, self._controller.session).text

    def refresh(self) -> None:
        """Show the chosen text, unless the user is typing it; while nobody sees it, that can wait."""
        if not in_front(self):
            return
        choice = self.choice
        self.editor.follow(choice)
        choice = self.choice
        self._shown = shown(choice, self._controller.session)
        if not self.editor.typing:
            self.code.show_text(self._shown.text, choice.kernel.language)
        self.editor.judge()
        variant = choice.kernel.variant
        drawn = self._pattern_of(variant, choice.parameters, choice.shape)
        self.pages.setTabVisible(Page.ACCESS, bool(drawn))
        self.pages.setTabVisible(Page.COMPILED, variant.runtime is not Runtime.NUMPY)
        if self.pages.currentIndex() == Page.DIFF:
            self.comparison.show_choice(choice, self.text)
        elif self.pages.currentIndex() == Page.ACCESS and drawn:
            self.access.show_pattern(drawn, variant.name)
        elif self.pages.currentIndex() == Page.COMPILED:
            self.compiled.show_choice(choice, self.text)
        elif self.pages.currentIndex() == Page.CONTRACT:
            self.contract.show_contract(variant, choice.parameters, choice.shape)
        for action in self.commands():
            self._made[action.name].setEnabled(action.when())
        self._say()

    def _pattern_of(self, variant: Variant, parameters: Parameters, shape: Shape | None) -> Pattern | None:
        """What is drawn, kept until something else is asked for: a run asks over and over."""
        asked = (variant, dict(parameters), shape)
        if asked != self._asked:
            self._asked = asked
            self._pattern = access(variant, parameters, shape) if shape else None
        return self._pattern

    def _say(self) -> None:
        self.origin.set_whole(words(self.choice, self._shown, self.text))

    def catch_up(self) -> None:
        """Somebody looks."""
        self.refresh()

    def show_row(self, row: Row | None) -> None:
        """Show the text that ran for ``row``; None changes nothing."""
        if row is not None:
            self.editor.keep()
            own = self.bar.own(row.variant.workload)
            self.bar.show_choice(choice_of(row, self._controller.session, own))

    def show_variant(self, variant: Variant) -> None:
        """Show the text of a variant on the target and at the size chosen before."""
        self.editor.keep()
        own = self.bar.own(variant.workload)
        kernel = next((k for k in own if k.variant == variant), Kernel(variant))
        self.bar.show_choice(TextChoice(kernel, self.choice.target, self.choice.shape, {}))
        self.open_page(Page.TEXT)

    def open_page(self, page: Page) -> None:
        """Come to the front with that page."""
        self.wanted.emit()
        self.pages.setCurrentIndex(page)

    def open_find(self) -> None:
        """Find in what is on screen."""
        page = self.pages.currentIndex()
        if page in (Page.ACCESS, Page.COMPILED):
            self.pages.setCurrentIndex(Page.TEXT)
        self.wanted.emit()
        self.finder.open(self.comparison.diff.right if page == Page.DIFF else self.code)

    def _editable(self) -> bool:
        return not self._kernel.variant.runtime.about.peer and not self._kernel.mine

    def edit(self) -> None:
        """Start a kernel of one's own from the text shown, unless it is one."""
        self.wanted.emit()
        self.pages.setCurrentIndex(Page.TEXT)
        if self._editable():
            self.editor.begin(self.choice, self.text)

    def copy(self) -> None:
        """The text as it runs, to the clipboard."""
        QApplication.clipboard().setText(self.text)
        self._controller.logged.emit("info", f"Copied the text of {self._kernel.variant.name}")

    def copy_web(self) -> None:
        """The text as a web page takes it, to the clipboard."""
        QApplication.clipboard().setText(web_ready(self.text, self._kernel.variant.requires))
        self._controller.logged.emit("info", f"Copied {self._kernel.variant.name}, ready for a web page")

    def save(self) -> None:
        """The text, to a file that the user names."""
        suffix = self._kernel.variant.runtime.about.suffix
        name = f"{self._kernel.variant.name}.{suffix}"
        path = ask_where(self, self._memory, "Save the kernel's text", name, f".{suffix}")
        if path is None:
            return
        try:
            write_atomically(path, self.text.encode())
        except KernelscopeError as error:
            self._controller.said.emit("error", str(error))
        else:
            self._controller.said.emit("info", f"Saved {path}")
