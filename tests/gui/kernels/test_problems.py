"""A problem of the user's own in the window: opened, watched, shown with its contract."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog

from app.catalog.index import find
from app.catalog.programs import source
from app.core.shape import Shape
from app.core.target import Runtime
from app.gui.source.panel import Page, SourcePanel
from app.problems import registry
from tests.gui.conftest import MakeWindow
from tests.problems.conftest import _none_open, change, saxpy

__all__ = ["_none_open", "saxpy"]


@pytest.fixture(autouse=True)
def _apart(own_data: None) -> None:
    """Kernels of other tests are none of this one's."""


def test_a_problem_is_opened_and_follows_what_is_saved(
    make_window: MakeWindow, saxpy: Path, qtbot: Any
) -> None:
    window = make_window()
    said: list[str] = []
    window.controller.said.connect(lambda _, text: said.append(text))
    window.open_path(saxpy)
    question = window.kernels
    assert question.workload.currentData() == "mysaxpy"
    assert {v.name for v in question.known} == {"simple", "many", "simd"}
    assert [str(shape) for shape in question.sizes.shapes] == ["65536", "1048576"]
    request = question.request()
    assert {v.workload for v in request.variants} == {"mysaxpy"}
    # What is saved in the folder is what runs next; a fault is said, and the kernel stays what it was.
    change(saxpy / "problem.toml", ("n = [65536, 1048576]", "n = [1000]"))
    window.controller.problems.look_again()
    assert [str(shape) for shape in question.sizes.shapes] == ["1000"]
    change(saxpy / "problem.toml", ('entry = "main"', 'entry = "start"'))
    window.controller.problems.look_again()
    assert "no function 'start'" in said[-1]
    kept = registry.find("mysaxpy")
    assert kept
    assert kept.problem.kernels[0].entry == "main"


def test_the_contract_stands_beside_the_text(make_window: MakeWindow, saxpy: Path) -> None:
    window = make_window()
    window.open_path(saxpy)
    panel = window.panel(SourcePanel)
    simple = next(v for v in window.kernels.known if v.runtime is Runtime.WGSL)
    panel.show_variant(simple)
    panel.open_page(Page.CONTRACT)
    panel.refresh()
    panel.contract.show_contract(simple, panel.choice.parameters, panel.choice.shape)
    assert "@binding(2) var<storage, read_write>" in panel.contract.toPlainText()
    assert "ceildiv(n, WG) x 1 x 1 workgroups" in panel.contract.toPlainText()


def test_a_folder_with_a_fault_is_one_line(make_window: MakeWindow, saxpy: Path) -> None:
    window = make_window()
    said: list[tuple[str, str]] = []
    window.controller.said.connect(lambda level, text: said.append((level, text)))
    (saxpy / "reference.py").unlink()
    assert not window.problems.open(saxpy)
    level, text = said[-1]
    assert level == "error"
    assert "reference" in text
    assert "\n" not in text
    assert window.kernels.workload.currentData() == "matvec"


def test_a_text_of_ones_own_and_one_from_the_clipboard_become_problems(
    make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    panel = window.panel(SourcePanel)
    f32 = find("matvec", "f32", Runtime.WGSL)
    edit = window.controller.own.begin(
        f32, {p.name: p.gpu for p in f32.parameters}, source(f32, {p.name: p.gpu for p in f32.parameters})
    )
    names = iter([tmp_path / "kept", tmp_path / "pasted"])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(next(names)), ""))
    panel.maker.keep(edit, Shape(64, 64))
    assert window.kernels.workload.currentData() == "kept"
    assert {v.name for v in window.kernels.known} == {"f32", "f32+mine"}
    said: list[str] = []
    window.controller.said.connect(lambda _, text: said.append(text))
    QApplication.clipboard().setText("no kernel")
    panel.maker.paste()
    assert "holds no kernel" in said[-1]
    QApplication.clipboard().setText(PASTED)
    panel.maker.paste()
    assert "pasted" in said[-1]
    assert window.kernels.workload.currentData() == "pasted"


PASTED = """Here it is:
```wgsl
@group(0) @binding(0) var<storage, read> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@compute @workgroup_size(64) fn double(@builtin(global_invocation_id) id: vec3u) { y[id.x] = 2.0 * x[id.x]; }
```
"""
