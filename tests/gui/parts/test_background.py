"""Work in the background: answered in the window's thread, the newest of a kind, errors as one line."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject

from app.core.errors import KernelscopeError
from app.gui.parts.background import Background


@pytest.fixture
def background(qtbot: Any) -> Iterator[Background]:
    parent = QObject()
    made = Background("test", parent)
    yield made
    made.close()


def test_answers_come_in_this_thread(qtbot: Any, background: Background) -> None:
    found: list[tuple[int, int]] = []
    for number in range(3):
        background.ask(lambda n=number: n, lambda n: found.append((n, threading.get_ident())))
    assert background.busy
    qtbot.waitUntil(lambda: not background.busy)
    assert found == [(number, threading.get_ident()) for number in range(3)]


def test_of_a_kind_only_the_newest_is_answered(qtbot: Any, background: Background) -> None:
    asked, found = [], []
    hold = threading.Event()
    background.ask(lambda: hold.wait(5), lambda _: None)
    for number in range(5):
        background.ask(lambda n=number: asked.append(n) or n, found.append, "search")
    hold.set()
    qtbot.waitUntil(lambda: not background.busy)
    assert found == [4]
    assert asked == [4]


def test_errors_are_one_line(qtbot: Any, background: Background, caplog: pytest.LogCaptureFixture) -> None:
    lines: list[str] = []
    background.failed.connect(lines.append)

    def fail(error: Exception) -> None:
        raise error

    background.ask(lambda: fail(KernelscopeError("no such file")), lines.append)
    background.ask(lambda: fail(ValueError("two\nlines")), lines.append)
    qtbot.waitUntil(lambda: len(lines) == 2)
    assert lines == ["no such file", "ValueError: two"]
    assert "Traceback" in caplog.text


def test_an_answer_that_cannot_be_taken_is_one_line_and_the_next_comes(
    qtbot: Any, background: Background, caplog: pytest.LogCaptureFixture
) -> None:
    lines: list[str] = []
    found: list[int] = []
    background.failed.connect(lines.append)
    background.ask(lambda: 0, lambda n: found.append(1 // n))
    background.ask(lambda: 1, lambda n: found.append(1 // n))
    qtbot.waitUntil(lambda: not background.busy)
    assert lines == ["ZeroDivisionError: integer division or modulo by zero"]
    assert found == [1]
    assert "Traceback" in caplog.text


def test_nothing_is_answered_once_it_is_closed(qtbot: Any, background: Background) -> None:
    found: list[int] = []
    background.ask(lambda: 1, found.append)
    background.close()
    background.ask(lambda: 2, found.append)
    qtbot.wait(50)
    assert found == []
