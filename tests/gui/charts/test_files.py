"""Every mode as a file, of made sessions and of a run on this machine."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PySide6.QtGui import QImage

from app.catalog.index import variants
from app.charts.scene import View
from app.core.errors import KernelscopeError
from app.core.plan import Settings, make_plan
from app.core.shape import Shape
from app.core.target import Target
from app.gui.charts.export import export_chart
from app.worker.supervisor import Supervisor
from tests.charts.made import both_sides, two_workloads
from tests.charts.scenes import FILLED, draw
from tests.conftest import take_session


@pytest.mark.parametrize("mode", list(FILLED))
def test_each_mode_as_png_and_svg(qtbot: Any, tmp_path: Path, mode: str) -> None:
    made = FILLED[mode]()
    title = draw(made, mode).title
    for suffix in (".png", ".svg"):
        export_chart(made, tmp_path / f"{mode}{suffix}", View(mode), scale=1.0)
    image = QImage(str(tmp_path / f"{mode}.png"))
    assert (image.width(), image.height()) == (1280, 720)
    assert len({image.pixel(x, y) for x in range(60, 1000, 7) for y in range(100, 700, 7)}) > 3
    root = ElementTree.parse(tmp_path / f"{mode}.svg").getroot()
    texts = [element.text or "" for element in root.iter()]
    assert title in texts
    assert any(text.startswith("2026-11-03 · Kernelscope") for text in texts)


def test_what_a_session_lacks_is_refused_by_name(qtbot: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    for view, words in (
        (View("pie"), "no such chart 'pie'; there are: size, bars"),
        (View("bars", size="77"), "no such size 77 in this chart; there are: 64, 128, 256"),
        (View("size", size="64"), "size charts offer no choice of size"),
        (View("size", workload="conv"), "no such workload conv in this chart; there are: matvec"),
        (View("heatmap", target="x"), "no such target x in this chart; there are: full, wasm"),
        (View("threads"), "Nothing ran with several numbers of threads"),
    ):
        with pytest.raises(KernelscopeError, match=words):
            export_chart(both_sides(), path, view)
    assert not path.exists()


def test_modes_of_a_run_on_this_machine(
    qtbot: Any, supervisor: Supervisor, targets: list[Target], tmp_path: Path
) -> None:
    ours = [target for target in targets if target.engine in ("numpy", "wasmtime", "native")]
    quick = [v for v in variants() if v.workload == "matvec" and v.quick]
    plan = make_plan(ours, quick, (Shape(32, 32), Shape(64, 64)), "f32", Settings(seconds=0.05))
    made, _ = take_session(supervisor, targets, plan)
    for mode in ("size", "bars", "heatmap", "accuracy", "samples"):
        picture = draw(made, mode)
        assert {spot.row.target.id for spot in picture.spots} <= {target.id for target in ours}
        export_chart(made, tmp_path / f"{mode}.svg", View(mode))
        assert picture.title in (tmp_path / f"{mode}.svg").read_text()


def test_a_file_of_a_workload_that_is_not_there_is_refused(qtbot: Any, tmp_path: Path) -> None:
    with pytest.raises(KernelscopeError, match="no such workload fft"):
        export_chart(two_workloads(), tmp_path / "x.svg", View("threads", workload="fft"))
