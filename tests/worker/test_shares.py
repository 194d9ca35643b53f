"""A group holds no more than its target has room for, and every part of it meets the baseline."""

import pytest

from app.catalog.index import find
from app.core.measurement import Status
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.findings.rows import rows
from app.worker import shares
from app.worker.shares import CARD, room, share
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

GPU = Target("gpu", "GPU", "webgpu", Runtime.WGSL, "gpu", "Vulkan", "1", "DiscreteGPU")
MATVEC = [find("matvec", name, Runtime.WGSL) for name in ("f32", "u8", "f32+shared", "f32+rowwise")]


@pytest.mark.parametrize(
    ("size", "settings", "held"),
    [
        (4096, Settings(), [0, 1, 2, 3]),
        (16384, Settings(), [0, 1, 2, 3]),
        (16384, Settings(instances=3), [0, 1]),
        (24576, Settings(), [0, 1]),
        (32768, Settings(), [0, 1]),
    ],
)
def test_a_group_takes_no_more_than_a_card_has(size: int, settings: Settings, held: list[int]) -> None:
    """f32 weights of 16384 x 16384 are 1 GiB: with 8-bit ones and the baseline, 4 GiB hold them all."""
    cases = list(enumerate(make_plan([GPU], MATVEC, [Shape(size, size - 64)]).cases))
    assert room(GPU) == CARD
    assert [index for index, _ in share(GPU, cases, 0, settings)] == held
    later = [cases[0], *cases[2:]]
    assert 0 in [index for index, _ in share(GPU, later, 0, settings)]


def test_each_part_of_a_group_meets_the_base_line(
    supervisor: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus = [target for target in targets if target.engine == "webgpu" and target.backend == "Vulkan"]
    if not gpus:
        pytest.skip("no adapter here")
    monkeypatch.setattr(shares, "room", lambda target: 0)
    plan = make_plan(gpus[:1], MATVEC, [Shape(64, 64)], settings=Settings(seconds=0.05))
    session, events = take_session(supervisor, targets, plan)
    assert [m.status for m in session.measurements] == [Status.OK] * len(MATVEC)
    finished = [event.case for event in events if type(event).__name__ == "CaseFinished"]
    assert sorted(finished) == list(range(len(MATVEC)))
    lives = {
        i: {e.life for e in events if type(e).__name__ == "CaseSampled" and e.case == i} for i in range(4)
    }
    assert [len(lives[i]) for i in range(4)] == [3, 1, 1, 1]
    assert lives[0] == lives[1] | lives[2] | lives[3]
    for row in rows(session, workloads())[1:]:
        assert row.speedup is not None
        assert not row.speedup.unpaired
