"""What goes wrong while a kernel is typed: its place is marked, and no text is lost."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from app.core.measurement import Place
from app.gui.source.code_view import CodeView
from app.storage.edits import kept_edits
from tests.gui.conftest import MakeWindow
from tests.gui.source.test_source import begin, put

TEXT = "fn main() {\n  let a = oops;\n}\n"


@pytest.mark.parametrize(
    ("place", "line", "column"),
    [(Place(2, 11), 2, 11), (Place(1, 1), 1, 1), (Place(2, 99), 2, 16), (Place(99, 1), 4, 1)],
)
def test_an_error_is_marked_where_the_compiler_saw_it(
    qtbot: Any, place: Place, line: int, column: int
) -> None:
    """Beyond the end of a line or of the text, at that end."""
    view = CodeView("Text")
    qtbot.addWidget(view)
    view.show_text(TEXT, "wgsl")
    view.set_error(place, "no such name")
    cursor = view.textCursor()
    assert (view.error_line, cursor.blockNumber() + 1, cursor.positionInBlock() + 1) == (line, line, column)
    view.set_error(None)
    assert view.error_line is None


@pytest.mark.usefixtures("own_data")
def test_a_text_that_cannot_be_kept_is_said_and_stays(
    qtbot: Any, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    panel = begin(window, "f32")
    folder = tmp_path / "data" / "kernelscope" / "kernels"
    shutil.rmtree(folder)
    folder.write_text("in the way")
    put(panel, lambda text: f"// typed\n{text}")
    panel.editor.keep()
    assert window.messages.text.startswith("Your kernel could not be kept: ")
    assert panel.code.toPlainText().startswith("// typed\n")
    assert not panel.code.isReadOnly()
    folder.unlink()
    put(panel, lambda text: f"// again\n{text}")
    panel.editor.keep()
    (kept,) = kept_edits()
    assert kept.text.startswith("// again\n// typed\n")
