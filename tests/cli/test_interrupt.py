"""Ctrl-C during a run: it stops the run, once, unless somebody has it ignored."""

import os
import signal

import pytest

from app.cli.interrupt import ctrl_c_stops

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.mark.parametrize("ignored", [True, False])
def test_an_ignored_ctrl_c_stays_ignored(ignored: bool) -> None:
    heard: list[int] = []
    usual = signal.SIG_IGN if ignored else lambda number, _: heard.append(number)
    before = signal.signal(signal.SIGINT, usual)
    try:
        with ctrl_c_stops() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.is_set() is not ignored
            assert heard == []
            os.kill(os.getpid(), signal.SIGINT)
        assert heard == ([] if ignored else [signal.SIGINT])
        assert signal.getsignal(signal.SIGINT) is usual
    finally:
        signal.signal(signal.SIGINT, before)
