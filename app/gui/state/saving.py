"""Asks where to save: in the folder of last time, and never over a file that the user did not see."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.gui.parts.memory import Memory
from app.gui.parts.plain import plain


def ask_where(parent: QWidget, memory: Memory, title: str, name: str, *suffixes: str) -> Path | None:
    """A path that ends in one of ``suffixes``, the first unless another was typed; None when cancelled.

    Qt asks before a file is replaced, but of the name as it was typed.
    """
    folder = Path(memory.read("folder", str(Path.home())))
    kinds = " ".join(f"*{suffix}" for suffix in suffixes)
    typed, _ = QFileDialog.getSaveFileName(parent, title, str(folder / name), kinds)
    if not typed:
        return None
    path = Path(typed)
    if not path.name.lower().endswith(suffixes):
        path = path.with_name(path.name + suffixes[0])
        if path.exists() and not _replaces(parent, path):
            return None
    memory.write("folder", str(path.parent))
    return path


def _replaces(parent: QWidget, path: Path) -> bool:
    yes, no = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.No
    question = plain(f"{path.name} is there already. Replace it?")
    return QMessageBox.question(parent, "Replace the file", question, yes | no, no) == yes
