"""What is learnt of a target makes no other of it: tunings and ceilings go to the session on screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import structs

from app.core.ceilings import Ceilings, Reading, with_ceilings
from app.core.events import AnyEvent, CeilingsMeasured
from app.core.session import Session
from app.core.target import Target
from app.core.tuning import TuneSettings
from app.gui.kernels import ceilings_job
from tests.gui.conftest import MakeWindow
from tests.gui.made import BARE, FULL, FakeSupervisor, session

KNOWN = Ceilings(
    date="2026-01-01T00:00:00Z", read=1e10, curve=(Reading(1 << 20, 4e10), Reading(1 << 28, 1e10))
)


class Tuning(FakeSupervisor):
    """Tries nothing."""

    def tune(self, *_: object) -> Iterator[AnyEvent]:
        return iter(())


def learnt() -> Session:
    """A session after a run, which told of clock and subgroups, and after ceilings, which told of caches."""
    told = {"timer": "GPU time stamps", "subgroup size": "8 lanes"}
    full = with_ceilings(structs.replace(FULL, properties=told), KNOWN)
    assert full.properties.keys() == {*told, "cache"}
    return structs.replace(session(), targets=(full, BARE))


@pytest.mark.parametrize("here", [FULL, structs.replace(FULL, driver="Mesa 2")])
def test_what_is_measured_after_ceilings_goes_to_the_session_on_screen(
    qtbot: Any, make_window: MakeWindow, monkeypatch: pytest.MonkeyPatch, here: Target
) -> None:
    """Unless another driver makes another target of it."""
    window = make_window(Tuning((here, BARE)))
    control, before = window.controller, learnt()
    same = here is FULL
    control.show_session(before)
    measured = [CeilingsMeasured(FULL.id, KNOWN)]
    monkeypatch.setattr(ceilings_job, "measure_ceilings", lambda *_: iter(measured))
    window.actions_["ceilings"].trigger()
    qtbot.waitUntil(lambda: not control.busy)
    assert control.session.ceilings == ({FULL.id: KNOWN} if same else {})
    window.tuner.start(before.plan.cases[0], TuneSettings())
    qtbot.waitUntil(lambda: not control.busy)
    assert [search.case for search in control.session.searches] == [before.plan.cases[0]]
    assert (control.session.measurements == before.measurements) is same
    assert (control.session.plan == before.plan) is same
