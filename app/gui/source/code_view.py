"""Code on screen: monospaced, highlighted, with line numbers and marks."""

from collections.abc import Hashable, Sequence
from html import escape

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
    QWheelEvent,
)
from PySide6.QtWidgets import QPlainTextEdit, QToolTip, QWidget

from app.core.measurement import Place
from app.gui.parts.sizes import code_font
from app.gui.parts.theme import current
from app.gui.source.keys import is_comment_key, type_key
from app.gui.source.marks import Tint, line_mark, stretch_mark
from app.gui.source.text import Text

Numbers = Sequence[int | None]
"""A number for each line; None where it has none."""


class CodeView(QPlainTextEdit):
    """Read-only unless said otherwise. ``find_asked`` when Ctrl+F, ``run_asked`` when F5 is pressed in it."""

    find_asked = Signal()
    run_asked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(code_font(self))
        self.setMinimumHeight(3 * self.fontMetrics().height())
        self._texts: dict[Hashable, Text] = {}
        self._text = self._texts[None] = Text.of(self)  # Qt's own would die when another is shown
        self.setDocument(self._text.document)
        self._numbers: Numbers | None = None
        self._tints: list[Tint] = []
        self._found: list[QTextCursor] = []
        self._error: tuple[QTextCursor, str] | None = None
        self._margin = _Margin(self)
        self.blockCountChanged.connect(self._fit_margin)
        self.updateRequest.connect(self._scroll_margin)
        self.cursorPositionChanged.connect(self._mark)
        self._fit_margin()

    def turn_to(self, key: Hashable) -> None:
        """Bring up the text kept under ``key``, with all that can be undone in it; a new one is empty.

        None stands for the one that texts to be read take turns in.
        """
        text = self._texts.get(key)
        if text is self._text:
            return
        if text is None:
            text = self._texts[key] = Text.of(self)
        self._text.cursor = self.textCursor()
        self._text = text
        self._error, self._found, self._tints = None, [], []
        text.document.setDefaultFont(self.font())
        self.setDocument(text.document)
        if text.cursor:
            self.setTextCursor(text.cursor)

    def rename(self, key: Hashable, new: Hashable) -> None:
        """Keep the text of ``key`` under another name."""
        if key in self._texts:
            self._texts[new] = self._texts.pop(key)

    def forget(self, key: Hashable) -> None:
        """Keep a text no longer, nor what could be undone in it."""
        if self._texts.get(key) is self._text:
            self.turn_to(None)
        self._texts.pop(key, None)

    def show_text(
        self, text: str, language: str, numbers: Numbers | None = None, tints: Sequence[Tint] = ()
    ) -> None:
        """Show ``text``; ``numbers`` stand beside its lines if they are not simply counted."""
        self._numbers, self._tints = numbers, list(tints)
        # Qt shows some characters as others, so what was given is not always what is read back.
        as_given = text == self._text.given and not self.document().isModified()
        if not as_given and self.toPlainText() != text:
            self._error, self._found = None, []
            self.setPlainText(text)
        self._text.given = text
        self._text.highlight(language)
        self._fit_margin()
        self._mark()

    def set_editable(self, editable: bool) -> None:
        """Let the user type, or not."""
        self.setReadOnly(not editable)
        if not editable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self._mark()

    def set_error(self, place: Place | None, words: str = "") -> None:
        """Mark the line that does not compile and go there; None takes the mark away."""
        self._error = None
        if place:
            block = self.document().findBlockByNumber(min(place.line, self.blockCount()) - 1)
            cursor = QTextCursor(block)
            cursor.movePosition(
                QTextCursor.MoveOperation.Right,
                QTextCursor.MoveMode.MoveAnchor,
                min(place.column - 1, max(block.length() - 1, 0)),
            )
            self._error = (cursor, words)
            self.setTextCursor(cursor)
            self.centerCursor()
        self._margin.update()
        self._mark()

    def go_to(self, line: int) -> None:
        """Put the cursor at the start of a line, counted from 0, in the middle of the view."""
        self.setTextCursor(self._at(line))
        self.centerCursor()

    @property
    def error_line(self) -> int | None:
        """The marked line, counted from 1; it moves with its text."""
        return self._error[0].blockNumber() + 1 if self._error else None

    def set_found(self, cursors: list[QTextCursor]) -> None:
        """Mark what was searched for."""
        self._found = cursors
        self._mark()

    def _mark(self) -> None:
        colours = current()
        selections = [line_mark(self._at(tint.line), tint.colour) for tint in self._tints]
        for tint in self._tints:
            for start, end in tint.marks:
                cursor = self._at(tint.line)
                cursor.setPosition(cursor.position() + start)
                cursor.setPosition(cursor.position() + end - start, QTextCursor.MoveMode.KeepAnchor)
                selections.append(stretch_mark(cursor, tint.strong))
        if not self.isReadOnly():
            selections.append(line_mark(self.textCursor(), QColor(colours.alternate)))
        if self._error:
            red = QColor(colours.bad)
            red.setAlpha(50)
            selections.append(line_mark(self._error[0], red))
        yellow = QColor(colours.warn)
        yellow.setAlpha(110)
        selections += [stretch_mark(cursor, yellow) for cursor in self._found]
        self.setExtraSelections(selections)

    def _at(self, line: int) -> QTextCursor:
        return QTextCursor(self.document().findBlockByNumber(line))

    def margin_width(self) -> int:
        """Room for the largest number and a mark."""
        digits = max(2, len(str(self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * (digits + 2) + 6

    def _fit_margin(self) -> None:
        self.setViewportMargins(self.margin_width(), 0, 0, 0)
        self._place_margin()

    def _place_margin(self) -> None:
        inside = self.contentsRect()
        self._margin.setGeometry(QRect(inside.left(), inside.top(), self.margin_width(), inside.height()))

    def _scroll_margin(self, box: QRect, down: int) -> None:
        if down:
            self._margin.scroll(0, down)
        else:
            self._margin.update(0, box.y(), self._margin.width(), box.height())

    def paint_margin(self, event: QPaintEvent) -> None:
        """Numbers, and a red mark beside the line that does not compile."""
        colours = current()
        painter = QPainter(self._margin)
        painter.fillRect(event.rect(), QColor(colours.alternate))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            number = self._number(block.blockNumber())
            wrong = self._error is not None and self._error[0].blockNumber() == block.blockNumber()
            box = QRect(0, round(top), self._margin.width() - 8, round(height))
            if wrong:
                painter.fillRect(0, box.y(), 4, box.height(), QColor(colours.bad))
            painter.setPen(QColor(colours.bad if wrong else colours.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, number)
            top += height
            block = block.next()
        painter.end()

    def _number(self, block: int) -> str:
        if self._numbers is None:
            return str(block + 1)
        number = self._numbers[block] if block < len(self._numbers) else None
        return "" if number is None else str(number)

    def event(self, event: QEvent) -> bool:
        """Ctrl+F, and while editing F5 and Ctrl+/, are this view's before they are the window's."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._own(event):
            event.accept()
            return True
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._error:
            at = self.cursorForPosition(self.viewport().mapFromGlobal(event.globalPos()))
            wrong = at.blockNumber() == self._error[0].blockNumber()
            # Types such as vec4<f32> are no markup.
            QToolTip.showText(event.globalPos(), f"<p>{escape(self._error[1])}</p>" if wrong else "", self)
            return True
        return super().event(event)

    def _own(self, event: QKeyEvent) -> bool:
        editing = event.key() == Qt.Key.Key_F5 or is_comment_key(event)
        return event.matches(QKeySequence.StandardKey.Find) or (editing and not self.isReadOnly())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Find and run; while editing, keys for indentation and comments too."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.find_asked.emit()
        elif not self.isReadOnly() and event.key() == Qt.Key.Key_F5:
            self.run_asked.emit()
        elif self.isReadOnly() or not type_key(self, event, self._text.language):
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Ctrl and the wheel change the size of the letters, in read-only views too."""
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.zoomIn(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The margin is as high as the text."""
        super().resizeEvent(event)
        self._place_margin()

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size."""
        super().changeEvent(event)
        if not hasattr(self, "_margin"):
            return
        if event.type() is QEvent.Type.FontChange:
            self._fit_margin()
        elif event.type() is QEvent.Type.PaletteChange:
            for text in self._texts.values():
                text.dress()
            self._mark()
            self._margin.update()


class _Margin(QWidget):
    """The strip left of the text."""

    def __init__(self, view: CodeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self) -> QSize:
        """The width of the numbers."""
        return QSize(self._view.margin_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The view knows its lines."""
        self._view.paint_margin(event)
