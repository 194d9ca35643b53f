"""Qt objects in cycles die in the window's thread, whichever thread allocates."""

import gc
import threading
import weakref
from typing import Any

from PySide6.QtCore import QObject

from app.gui.parts.garbage import Garbage


def test_another_thread_collects_nothing(qtbot: Any) -> None:
    garbage = Garbage()
    died: list[int] = []
    for _ in range(100):
        thing = QObject()
        thing.itself = thing  # type: ignore[attr-defined]
        weakref.finalize(thing, lambda: died.append(threading.get_ident()))
    del thing

    def allocate() -> None:
        held = [[[] for _ in range(1000)] for _ in range(200)]
        held.clear()

    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()
    assert died == []
    held: list[list[int]] = [[] for _ in range(5000)]
    garbage.collect()
    assert held
    assert set(died) == {threading.get_ident()}
    assert len(died) == 100
    garbage.close()
    assert gc.isenabled()
