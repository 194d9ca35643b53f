"""The compare panel: sessions by what changed, as bars, in verdicts, by hardware; folders gathered."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QMenu,
    QPushButton,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.core.errors import KernelscopeError
from app.findings.matrix import columns
from app.gui.charts.placeholder import Placeholder
from app.gui.compare.bars import CompareBars
from app.gui.compare.chart import ComparedChart
from app.gui.compare.dots import CompareDots
from app.gui.compare.gathered import GatheredChart
from app.gui.compare.verdicts_view import VerdictsView
from app.gui.hardware.view import HardwareView
from app.gui.parts.actions import Action
from app.gui.parts.elided import ElidedBox
from app.gui.parts.folding_bar import FoldingBar
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.state.saving import ask_where
from app.gui.state.session_files import FILTER, shown_session
from app.storage.comparisons import comparison_csv, comparison_markdown

PAGE = "What was gathered as a &page…"

EMPTY = (
    "Nothing to compare yet",
    "Drop session files on the window, choose File ▸ Compare with…, or pick runs in the History panel: "
    "other days, drivers or machines. A folder that is dropped is gathered: which kernel wins on which GPU.",
)


class ComparePanel(QWidget):
    """Follows ``controller.comparing``."""

    def __init__(self, controller: Controller, memory: Memory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._comparing = controller.comparing
        self._memory = memory
        self.base = ElidedBox("Compared with", "What the other sessions are compared with", 14)
        self._sessions, self._exports = QMenu(self), QMenu(self)
        self.placeholder = Placeholder()
        self.dots, self.bars = CompareDots(controller), CompareBars(controller)
        self.gathered = GatheredChart(controller)
        self.verdicts = VerdictsView()
        self.hardware = HardwareView()
        self.tabs = QTabWidget(documentMode=True)
        self._pages = QStackedWidget()
        self._build()
        self.base.activated.connect(lambda: self._comparing.put_first(self.base.currentText()))
        self.placeholder.button.clicked.connect(self.compare_with)
        self._comparing.changed.connect(self.refresh)
        for chart in (self.dots, self.bars, self.gathered):
            controller.closing.connect(chart.close_background)
        self.verdicts.margin_changed.connect(self._show_changes)
        self.refresh()

    def _build(self) -> None:
        label = QLabel("Compared &with")
        label.setBuddy(self.base)
        buttons: list[tuple[QWidget, int]] = []
        for text, tip, menu in (
            ("Sessions", "Add and remove sessions", self._sessions),
            ("Export", "The chart or the table, to a file or the clipboard", self._exports),
        ):
            button = QPushButton(text, toolTip=tip)
            button.setMenu(menu)
            buttons.append((button, 0))
        self._sessions.aboutToShow.connect(self._fill_sessions)
        self._fill_exports()
        pages = {
            "&Changes": self.dots,
            "&Bars": self.bars,
            "&Verdicts": self.verdicts,
            "&Hardware": self.hardware,
        }
        for title, page in pages.items():
            self.tabs.addTab(page, title)
        self._pages.addWidget(self.placeholder)
        self._pages.addWidget(self.tabs)
        self._pages.addWidget(self.gathered)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(FoldingBar(((label, 0), (self.base, 1)), buttons))
        layout.addWidget(self._pages, 1)
        self.setFocusProxy(self.tabs)

    def commands(self) -> list[Action]:
        """What the menu File offers for comparing."""
        return [
            Action(
                "compare",
                "&File",
                "&Compare with…",
                "Ctrl+D",
                "Set other sessions beside the one shown",
                self.compare_with,
            ),
            Action(
                "gather",
                "&File",
                "&Gather a folder…",
                "Ctrl+Shift+G",
                "Say which variant wins on which hardware, over all sessions of a folder",
                self.gather,
            ),
        ]

    def gather(self) -> None:
        """Ask for a folder, and show what its sessions say together."""
        folder = self._memory.read("folder", str(Path.home()))
        if chosen := QFileDialog.getExistingDirectory(self, "Gather a folder", folder):
            self._comparing.gather([Path(chosen)])

    def compare_with(self) -> None:
        """Ask for files and compare them with what is compared, or else with the session shown."""
        paths = self._ask_for_files()
        if paths:
            there = self._comparing.named or shown_session(self._controller)
            self._comparing.add_files(paths, there)

    def _ask_for_files(self) -> list[Path]:
        folder = self._memory.read("folder", str(Path.home()))
        names, _ = QFileDialog.getOpenFileNames(self, "Compare with", folder, FILTER)
        return [Path(name) for name in names]

    def refresh(self) -> None:
        """Show what is compared now."""
        named, across = self._comparing.named, self._comparing.across
        names = [name for name, _ in named]
        if names != [self.base.itemText(i) for i in range(self.base.count())]:
            self.base.clear()
            self.base.addItems(names)
        self.base.setEnabled(len(named) > 1)
        if self._comparing.busy and across is None and not names:
            self.placeholder.say("Reading sessions…", "Each file is read once: the next time takes seconds.")
        elif self._comparing.busy and across is None:
            self.placeholder.say("Reading and comparing…", ", ".join(names))
        elif len(named) == 1:
            self.placeholder.say("One session so far", f"{names[0]}. {EMPTY[1]}", "Choose files…")
        elif across is not None and not across.some:
            self.placeholder.say(
                "No case in common",
                "These sessions ran other workloads, variants or sizes: nothing of one can be compared with "
                "anything of another. File ▸ Run again runs the plan of the session shown on this machine.",
            )
        else:
            self.placeholder.say(*EMPTY, "Choose files…")
        ready = across is not None and across.some
        if ready and across is not None:
            self.bars.show_sessions(named)
            self.verdicts.show_across(across)
            self._show_changes()
            self.hardware.show_columns(columns(named))
        points = self._comparing.points
        if points is not None:
            self.gathered.show_points(points)
        self._pages.setCurrentIndex(2 if points is not None else 1 if ready else 0)
        for action in self._exports.actions():
            page = action.text() == PAGE
            action.setEnabled(points is not None if page else ready or points is not None)

    def _show_changes(self) -> None:
        across, named = self._comparing.across, self._comparing.named
        if across is not None and across.some:
            self.dots.show_across(across, self.verdicts.margin, named[0][1].created)

    @property
    def chart(self) -> ComparedChart:
        """The chart in front; where none is, that of what changed."""
        if self._comparing.points is not None:
            return self.gathered
        return self.bars if self.tabs.currentWidget() is self.bars else self.dots

    def _fill_sessions(self) -> None:
        menu = self._sessions
        menu.clear()
        menu.addAction("&Add files…", self.compare_with)
        here = shown_session(self._controller)
        add = menu.addAction("Add the session &shown", lambda: self._comparing.add(here))
        add.setEnabled(bool(here) and all(session is not here[0][1] for _, session in self._comparing.named))
        menu.addSeparator()
        for name, _ in self._comparing.named:
            menu.addAction(f"Remove {name.replace('&', '&&')}", partial(self._comparing.remove, name))
        if len(self._comparing.named) > 1:
            menu.addAction("&Remove all", self._comparing.clear)

    def _fill_exports(self) -> None:
        menu = self._exports
        for suffix, text in (
            (".png", "Chart as &PNG…"),
            (".svg", "Chart as &SVG…"),
            (".pdf", "Chart as P&DF…"),
            (".csv", "Table as &CSV…"),
            (".md", "Table as &Markdown…"),
            (".html", PAGE),
        ):
            menu.addAction(text, partial(self._export, suffix))
        menu.addSeparator()
        menu.addAction("Copy the c&hart", self.copy_chart)
        menu.addAction("Copy the &table as Markdown", self.copy_table)

    def copy_chart(self) -> None:
        """Put the chart on the clipboard, as a picture."""
        image = self.chart.image()
        if image is not None:
            QApplication.clipboard().setImage(image)

    def copy_table(self) -> None:
        """Put the table on the clipboard, as Markdown."""
        if self._comparing.across:
            text = comparison_markdown(self._comparing.across, self.verdicts.margin)
            QApplication.clipboard().setText(text)

    def _export(self, suffix: str) -> None:
        path = ask_where(self, self._memory, "Export the comparison", f"comparison{suffix}", suffix)
        if path is None:
            return
        try:
            self.write(path)
        except KernelscopeError as error:
            self._controller.said.emit("error", str(error))
            return
        self._controller.said.emit("info", f"Saved {path}")

    def write(self, path: Path) -> None:
        """Write the chart or the table, as the suffix says. Raises KernelscopeError."""
        from app.storage.files import write_atomically

        across, suffix = self._comparing.across, path.suffix.lower()
        if self._comparing.points is not None and suffix not in (".csv", ".md"):
            write_atomically(path, self._gathered(suffix))
            return
        if across is None:
            raise KernelscopeError("There is no such table to export: compare two sessions first")
        if suffix == ".csv":
            data = comparison_csv(across, self.verdicts.margin).encode()
        elif suffix == ".md":
            data = comparison_markdown(across, self.verdicts.margin).encode()
        else:
            data = self.chart.bytes(suffix)
        write_atomically(path, data)

    def _gathered(self, suffix: str) -> bytes:
        from app.storage.gathered_page import gathered_html

        if suffix != ".html":
            return self.gathered.bytes(suffix)
        self.gathered.drawn()
        assert self.gathered.found
        return gathered_html(self.gathered.found).encode()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "verdicts"):
            self.verdicts.refresh()
