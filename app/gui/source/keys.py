"""What keys do to a text that is being edited, beside what Qt does: indentation and comments."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextBlock, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from app.core.target import RUNTIMES

STEP = "  "
"""A step of indentation, as in the catalogue's texts."""

COMMENTS = {about.language: about.comment for about in RUNTIMES.values()}


def type_key(view: QPlainTextEdit, event: QKeyEvent, language: str) -> bool:
    """Do what ``event`` asks for; False leaves it to Qt."""
    cursor, key = view.textCursor(), event.key()
    if key == Qt.Key.Key_Backtab:
        _unindent(cursor)
    elif key == Qt.Key.Key_Tab and cursor.hasSelection():
        _put_before(cursor, _lines(cursor), STEP, 0)
    elif key == Qt.Key.Key_Tab:
        cursor.insertText(STEP)
    elif is_comment_key(event):
        _comment(cursor, COMMENTS[language])
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        line = cursor.block().text()
        cursor.insertText("\n" + line[: _indentation(line)])
        view.setTextCursor(cursor)
        view.ensureCursorVisible()
    else:
        return False
    return True


def is_comment_key(event: QKeyEvent) -> bool:
    """Ctrl and a slash, wherever the keyboard has it."""
    return event.key() == Qt.Key.Key_Slash and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _lines(cursor: QTextCursor) -> list[QTextBlock]:
    """The lines that are selected, or the one with the cursor; not one of which nothing is selected."""
    document, end = cursor.document(), cursor.selectionEnd()
    block = document.findBlock(cursor.selectionStart())
    found: list[QTextBlock] = []
    while block.isValid() and (block.position() < end or not found):
        found.append(block)
        block = block.next()
    return found


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _put_before(cursor: QTextCursor, lines: list[QTextBlock], text: str, column: int) -> None:
    """Insert ``text`` into each line, as one step that can be undone; empty lines stay empty."""
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    for block in lines:
        if block.text().strip():
            edit.setPosition(block.position() + column)
            edit.insertText(text)
    edit.endEditBlock()


def _take(cursor: QTextCursor, spots: list[tuple[int, int]]) -> None:
    """Remove so many characters at each position, from the last to the first, as one step."""
    edit = QTextCursor(cursor)
    edit.beginEditBlock()
    for position, count in reversed(spots):
        edit.setPosition(position)
        edit.setPosition(position + count, QTextCursor.MoveMode.KeepAnchor)
        edit.removeSelectedText()
    edit.endEditBlock()


def _unindent(cursor: QTextCursor) -> None:
    _take(cursor, [(b.position(), min(len(STEP), _indentation(b.text()))) for b in _lines(cursor)])


def _comment(cursor: QTextCursor, mark: str) -> None:
    """Make comments of the lines, or what they were if all are."""
    lines = [block for block in _lines(cursor) if block.text().strip()]
    if not lines:
        return
    if all(block.text().lstrip().startswith(mark) for block in lines):
        spots = []
        for block in lines:
            column = _indentation(block.text())
            space = block.text()[column + len(mark) :].startswith(" ")
            spots.append((block.position() + column, len(mark) + space))
        _take(cursor, spots)
    else:
        _put_before(cursor, lines, f"{mark} ", min(_indentation(block.text()) for block in lines))
