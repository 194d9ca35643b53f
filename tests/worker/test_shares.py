"""A group holds no more than its target has room for, and every part of it meets the baseline."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec import structs

from app.catalog.index import find
from app.core.measurement import Status
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.findings.rows import rows
from app.worker import shares
from app.worker.card import free_of_card
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


def test_equal_layouts_hold_one_set_of_cold_operands() -> None:
    """1 GiB in four copies: f32 as it lies counts once whatever its parameters, packed bytes by these."""
    names = ("f32", "f32+shared", "f32+rowwise", "f32+unchecked")
    plain = [find("matvec", name, Runtime.WGSL) for name in names]
    cases = list(enumerate(make_plan([GPU], plain, [Shape(8192, 8192)]).cases))
    cold = Settings(cold=True)
    assert len(share(GPU, cases, 0, cold, cache=256 << 20)) == 4
    assert len(share(GPU, cases, 0, Settings(cold=True, instances=5), cache=256 << 20)) == 2
    mixed = [*plain[:1], *(find("matvec", name, Runtime.WGSL) for name in ("u8", "u8+rowwise", "u8+shared"))]
    cases = list(enumerate(make_plan([GPU], mixed, [Shape(8192, 8192)]).cases))
    assert len(share(GPU, cases, 0, cold, cache=256 << 20, told=int(3.5 * (1 << 30)))) == 3


def test_room_is_what_the_driver_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    """Now, or else when the card was found; half of what is free where memory is shared; else 4 GiB."""
    card = structs.replace(GPU, properties={"place": "0000:c1:00.0"})
    monkeypatch.setattr(shares, "free_memory", lambda: 6 << 30)
    assert room(GPU) == CARD
    assert room(GPU, told=10 << 30) == 9 << 30
    asked: list[str] = []
    monkeypatch.setattr(shares, "free_of_card", lambda place: asked.append(place) or 20 << 30)
    assert room(card, told=10 << 30) == 18 << 30
    assert asked == ["0000:c1:00.0"]
    for kind in ("IntegratedGPU", "CPU"):
        assert room(structs.replace(card, kind=kind), told=10 << 30) == 3 << 30


def test_drivers_tell_in_files_and_by_a_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = "0000:c1:00.0"
    (tmp_path / place).mkdir()
    monkeypatch.setitem(sys.modules, "pynvml", None)
    for total, used, free in (("24", "4", 20), ("24", "25", 0), ("much", "4", 0)):
        (tmp_path / place / "mem_info_vram_total").write_text(f"{total}\n")
        (tmp_path / place / "mem_info_vram_used").write_text(f"{used}\n")
        assert free_of_card(place, tmp_path) == free
    assert free_of_card("", tmp_path) == 0
    assert free_of_card("id 0123abcd", tmp_path) == 0
    nvml = SimpleNamespace(
        nvmlInit=lambda: None,
        nvmlShutdown=lambda: None,
        nvmlDeviceGetHandleByPciBusId={place.encode(): "card"}.__getitem__,
        nvmlDeviceGetMemoryInfo=lambda card: SimpleNamespace(free={"card": 7 << 30}[card]),
    )
    monkeypatch.setitem(sys.modules, "pynvml", nvml)
    assert free_of_card(place, tmp_path) == 7 << 30
    assert free_of_card("0000:c2:00.0", tmp_path) == 0


def test_each_part_of_a_group_meets_the_base_line(
    supervisor: Supervisor, targets: list[Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    gpus = [target for target in targets if target.engine == "webgpu" and target.backend == "Vulkan"]
    if not gpus:
        pytest.skip("no adapter here")
    told: list[int] = []
    monkeypatch.setattr(shares, "room", lambda target, free: told.append(free) or 0)
    monkeypatch.setitem(supervisor.free, gpus[0].id, 7 << 30)
    plan = make_plan(gpus[:1], MATVEC, [Shape(64, 64)], settings=Settings(seconds=0.05))
    session, events = take_session(supervisor, targets, plan)
    assert [m.status for m in session.measurements] == [Status.OK] * len(MATVEC)
    assert set(told) == {7 << 30}, "what Vulkan told when the card was found"
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
