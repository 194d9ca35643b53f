"""A fleet in the window: a real scheduler and worker on loopback, added, run on, and left again."""

from pathlib import Path
from typing import Any

import pytest

from app.core.measurement import Status
from app.core.target import Runtime, Target
from app.fleet.machines import Seen, Standing
from app.gui.hardware.fleet_dialog import FleetDialog
from app.gui.kernels.entries import target_entries
from app.gui.window.window import MainWindow
from app.worker.supervisor import Supervisor
from tests.conftest import until
from tests.fleet.conftest import Programs
from tests.gui.conftest import MakeWindow

ONE = Target("numpy", "NumPy", "native", Runtime.NUMPY, "NumPy", "BLAS", "", "CPU")


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(Supervisor(), search=False)


def test_machines_stand_above_their_targets_with_what_they_do() -> None:
    machines = [
        Seen("m1", Standing.QUEUED, "queued behind 2 (lena)"),
        Seen("m2", Standing.REFUSED, "refused: version 0.0.9 there, 0.1.0 here: update Kernelscope there"),
    ]
    entries = target_entries([ONE, ONE.on("m1"), ONE.on("m2")], machines, {})
    assert [(e.text, e.note, e.heading) for e in entries if e.heading] == [
        ("This machine", "", True),
        ("m1", "queued behind 2 (lena)", True),
        ("m2", "refused: version 0.0.9 there, 0.1.0 here: update Kernelscope there", True),
    ]
    assert [(e.key, e.enabled) for e in entries if not e.heading] == [
        ("numpy", True),
        ("numpy@m1", True),
        ("numpy@m2", False),
    ]
    assert [e.key for e in target_entries([ONE], [], {})] == ["numpy"]


def test_what_needs_keys_says_so_and_nobody_there_is_told(window: MainWindow, qtbot: Any) -> None:
    dialog = FleetDialog(window.controller, window.memory, window)
    dialog.open()
    dialog.address.setText("10.0.0.7")
    dialog.add()
    assert "takes --keys FOLDER" in dialog.state.text()
    dialog.address.setText("127.0.0.1:1")
    dialog.add()
    qtbot.waitUntil(lambda: "No scheduler answers" in dialog.state.text(), timeout=40_000)
    assert dialog.add_button.isEnabled()


def test_a_plan_runs_on_a_machine_of_the_fleet_into_the_session_shown(
    window: MainWindow, qtbot: Any, tmp_path: Path
) -> None:
    programs = Programs(tmp_path)
    try:
        there = programs.schedule()
        programs.work("m1")
        until(lambda: "is in the fleet" in programs.log("m1"))
        dialog = FleetDialog(window.controller, window.memory, window)
        dialog.address.setText(f"127.0.0.1:{there.port}")
        dialog.open()
        dialog.add()
        qtbot.waitUntil(lambda: not dialog.isVisible(), timeout=60_000)
        control, kernels = window.controller, window.kernels
        assert [target.id for target in control.targets] == ["numpy@m1"]
        qtbot.waitUntil(lambda: "numpy@m1" in kernels.targets.ticked(), timeout=10_000)
        kernels.sizes.line.setText("33x65, 64")
        kernels.seconds.setValue(0.05)
        kernels.refresh()
        window.runner.run()
        qtbot.waitUntil(lambda: control.session is not None and not control.busy, timeout=60_000)
        qtbot.waitUntil(lambda: bool(control.rows), timeout=20_000)
        session = control.session
        assert session is not None
        assert {m.status for m in session.measurements} == {Status.OK}
        assert {m.case.target for m in session.measurements} == {"numpy@m1"}
        assert set(session.machines) == {"m1"}
        programs.kill("m1")
        qtbot.waitUntil(lambda: control.hardware.machines[0].standing is Standing.LOST, timeout=30_000)
        qtbot.waitUntil(lambda: "numpy@m1" not in kernels.targets.ticked(), timeout=10_000)
        control.hardware.leave_fleet()
        assert control.targets == ()
    finally:
        programs.close()
