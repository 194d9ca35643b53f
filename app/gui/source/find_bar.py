"""Find in code: marks every place, walks through them."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.gui.source.code_view import CodeView

MOST = 2000
"""Places marked; more say nothing."""


class FindBar(QWidget):
    """Hidden until asked for; Enter and Shift+Enter walk, Esc goes back to the text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: CodeView | None = None
        self.line = QLineEdit(placeholderText="Find", clearButtonEnabled=True, accessibleName="Find in text")
        self.count = QLabel(accessibleName="How many places", textFormat=Qt.TextFormat.PlainText)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.count)
        for text, tip, step in (("▲", "Previous (Shift+Enter)", -1), ("▼", "Next (Enter)", 1)):
            button = QToolButton(text=text, toolTip=tip, accessibleName=tip, autoRaise=True)
            button.clicked.connect(lambda _=False, s=step: self.walk(s))
            layout.addWidget(button)
        close = QToolButton(text="✕", toolTip="Close (Esc)", accessibleName="Close find", autoRaise=True)
        close.clicked.connect(self.leave)
        layout.addWidget(close)
        self.line.textChanged.connect(self._on_text)
        self.line.installEventFilter(self)
        self.hide()

    def open(self, view: CodeView) -> None:
        """Find in ``view``; what is selected there is looked for first."""
        if self._view is not view:
            if self._view:
                self._view.set_found([])
                self._view.textChanged.disconnect(self._follow)
            view.textChanged.connect(self._follow)
        self._view = view
        chosen = view.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.line.setText(chosen)
        self.show()
        self.line.selectAll()
        self.line.setFocus()
        self._mark()

    def leave(self) -> None:
        """Take the marks away and give the text the focus."""
        self.hide()
        if self._view:
            self._view.set_found([])
            self._view.setFocus()

    def walk(self, step: int) -> None:
        """Go to the next place, or the one before; past the last comes the first."""
        if not self._view or not self.line.text():
            return
        flags = QTextDocument.FindFlag.FindBackward if step < 0 else QTextDocument.FindFlag(0)
        if not self._view.find(self.line.text(), flags):
            cursor = self._view.textCursor()
            end = QTextCursor.MoveOperation.End if step < 0 else QTextCursor.MoveOperation.Start
            cursor.movePosition(end)
            self._view.setTextCursor(cursor)
            self._view.find(self.line.text(), flags)
        self._mark()

    def _on_text(self) -> None:
        if self._view:
            cursor = self._view.textCursor()
            cursor.setPosition(cursor.selectionStart())
            self._view.setTextCursor(cursor)
            self.walk(1)
            self._mark()

    def _follow(self) -> None:
        """The text is another."""
        if self.isVisible():
            self._mark()

    def _mark(self) -> None:
        found: list[QTextCursor] = []
        text = self.line.text()
        if not self._view:
            return
        document = self._view.document()
        cursor = document.find(text, 0) if text else QTextCursor()
        while not cursor.isNull() and len(found) < MOST:
            found.append(cursor)
            cursor = document.find(text, cursor)
        self._view.set_found(found)
        here = self._view.textCursor().selectionStart()
        number = next((i for i, one in enumerate(found, 1) if one.selectionStart() == here), 0)
        self.count.setText(f"{number or '–'} of {len(found)}" if found else "not found" if text else "")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Keys of the line that are not for typing."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.ShortcutOverride:
                event.accept()
            elif event.type() is QEvent.Type.KeyPress:
                self.leave()
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.walk(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return True
        return False
