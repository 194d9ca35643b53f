"""What is dropped on the window: sessions are opened or compared, problems opened, folders gathered."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QMenu, QWidget

from app.gui.kernels.problem_files import ProblemFiles
from app.gui.state.controller import Controller
from app.gui.state.session_files import SessionFiles, shown_session


class Drops(QObject):
    """Watches a window; where there is a choice, a menu opens where the files were dropped."""

    def __init__(
        self, controller: Controller, files: SessionFiles, problems: ProblemFiles, window: QWidget
    ) -> None:
        super().__init__(window)
        self._controller = controller
        self._files = files
        self._problems = problems
        self._window = window
        self.menu = QMenu(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take files, and nothing else."""
        if isinstance(event, QDropEvent) and (paths := _paths(event)):
            if event.type() is QEvent.Type.Drop:
                self._drop(paths, event)
            event.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def _drop(self, paths: list[Path], event: QDropEvent) -> None:
        if len(paths) == 1 and self._problems.is_one(paths[0]):
            self._problems.open(paths[0])
            return
        if any(path.is_dir() for path in paths):
            self._controller.comparing.gather(paths)
            return
        shown = shown_session(self._controller)
        compare = partial(self._controller.comparing.add_files, paths)
        if not shown:
            self._files.open(paths[0]) if len(paths) == 1 else compare([])
            return
        name = shown[0][0].replace("&", "&&")
        self.menu.clear()
        if len(paths) == 1:
            self.menu.addAction(
                f"&Open {paths[0].name.replace('&', '&&')}", partial(self._files.open, paths[0])
            )
        else:
            self.menu.addAction(f"&Compare these {len(paths)}", partial(compare, []))
        self.menu.addAction(f"Compare &with {name}", partial(compare, shown))
        if self._controller.comparing.named:
            self.menu.addAction("&Add to what is compared", compare)
        self.menu.popup(self._window.mapToGlobal(event.position().toPoint()))


def _paths(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
