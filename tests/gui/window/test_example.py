"""The example session: really measured, whole, and never mistaken for this machine."""

from typing import Any

from msgspec import structs

from app.core.measurement import Status
from app.gui.results.advice_panel import AdvicePanel
from app.storage.shipped import example
from tests.gui.conftest import MakeWindow
from tests.gui.made import NATIVE, FakeSupervisor


def test_it_is_whole_and_says_what_it_is_from() -> None:
    session = example()
    assert len(session.measurements) == len(session.plan.cases)
    assert not {m.status for m in session.measurements} & {Status.FAILED, Status.WRONG, Status.CANCELLED}
    assert {m.case.workload for m in session.measurements} == {"matvec", "matmul", "suspend"}
    engines = {target.engine for target in session.targets}
    assert engines == {"webgpu", "wasmtime", "v8", "native"}
    assert all(target.is_cpu for target in session.targets)
    assert any("SwiftShader" in target.label for target in session.targets)
    assert session.ceilings


def test_it_holds_nothing_of_who_took_it() -> None:
    text = str(structs.asdict(example()))
    for path in ("/home/", "/root/", "/tmp/", "Users"):
        assert path not in text


def test_it_opens_where_there_is_no_gpu(qtbot: Any, make_window: MakeWindow) -> None:
    window = make_window(FakeSupervisor((NATIVE,)))
    window.chart.placeholder.button.click()
    control = window.controller
    qtbot.waitUntil(lambda: bool(control.rows), timeout=20_000)
    assert window.windowTitle() == "example: software GPUs, Wasm and NumPy - Kernelscope"
    assert "without a graphics card" in window.messages.text
    assert not control.modified
    assert control.path is None
    qtbot.waitUntil(lambda: bool(window.panel(AdvicePanel).found), timeout=20_000)
    assert window.chart.picture is not None
    window.workspace.show_panel("hardware")
    titles = [column.title for column in window.hardware.view.model.columns]
    assert any(title.startswith("Session: llvmpipe") for title in titles)
