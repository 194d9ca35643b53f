"""The log file: foreign text in it is text, and a record is a line."""

import logging
from pathlib import Path

import pytest

from app.cli.log import log_to_file
from app.storage.folders import log_file

RUDE = "label\x1b[31m\u202e\x9b2J\n2026-01-01 00:00:00,000 INFO app: all is well"


def test_nothing_in_the_log_is_obeyed_or_another_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(logging, "raiseExceptions", True)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    log_to_file()
    try:
        logging.getLogger("app").warning("refused: %s", RUDE)
        try:
            raise ValueError(RUDE)
        except ValueError:
            logging.getLogger("app").exception("internal error")
    finally:
        root.handlers[0].close()
    text = log_file().read_text("utf-8")
    assert not {"\x1b", "\x9b", "\u202e"} & set(text)
    assert "label\\x1b[31m\\u202e\\x9b2J 2026-01-01" in text.splitlines()[0]
    assert sum(" WARNING " in line or " ERROR " in line for line in text.splitlines()) == 2
    assert "Traceback (most recent call last)" in text
