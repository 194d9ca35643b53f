"""Kernels of one's own from the command line, and sessions that bring theirs."""

import re
from pathlib import Path

import pytest

from app.cli.edit import read_edit
from app.core.errors import KernelscopeError
from app.storage.files import load
from tests.cli.test_cli import call


def test_a_file_runs_beside_its_original_and_comes_back_only_when_asked_for(tmp_path: Path) -> None:
    text = call("show", "wasm/f32-simd", "--set", "sums=2", cwd=tmp_path).stdout
    (tmp_path / "mine.wat").write_text(f";; \x1b[31mmine\n{text}")
    arguments = ["--like", "wasm/f32-simd", "--set", "sums=2", "--sizes", "64", "--seconds", "0.02"]
    target = ["--target", "wasmtime", "--no-ceilings", "--baseline", "f32-scalar", "--out", "a.json"]
    done = call("run", "--kernel", "mine.wat", *arguments, *target, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    session = load(tmp_path / "a.json")
    assert [(m.case.variant, m.status.value) for m in session.measurements] == [
        ("f32-scalar", "ok"),
        ("f32-simd", "ok"),
        ("f32-simd+mine", "ok"),
    ]
    assert {str(m.case.parameters.get("sums")) for m in session.measurements[1:]} == {"2"}
    assert session.plan.edits[0].text.endswith(text)

    again = call("rerun", "a.json", "--out", "b.json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "--run-edited runs them too" in again.stderr
    assert ";; \\x1b[31mmine" in again.stderr
    assert {m.case.variant for m in load(tmp_path / "b.json").measurements} == {"f32-scalar", "f32-simd"}
    asked = call("rerun", "a.json", "--run-edited", "--out", "c.json", cwd=tmp_path)
    assert asked.returncode == 0, asked.stderr
    assert len(load(tmp_path / "c.json").measurements) == 3


@pytest.mark.parametrize(
    ("file", "like", "name", "words"),
    [
        ("none.wgsl", "f32", "", "none.wgsl: No such file"),
        ("a.wgsl", "f32", "", "a.wgsl: no text"),
        ("folder", "f32", "", "folder: no regular file"),
        ("/dev/zero", "f32", "", "/dev/zero: no regular file"),
        ("long.wgsl", "f32", "", "long.wgsl: a kernel's text has at most"),
        ("b.wgsl", "f32", "", "text is empty"),
        ("b.wgsl", "f99", "", "no variant matches 'f99'"),
        ("b.wgsl", "numpy/f32", "", "only WGSL and WebAssembly"),
        ("b.wgsl", "f32", "f16", "there is a variant f16 already"),
    ],
)
def test_a_file_that_cannot_run_says_why(file: str, like: str, name: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.wgsl").write_bytes(b"\xff\xff")
    (tmp_path / "folder").mkdir()
    (tmp_path / "long.wgsl").write_text("x" * (1 << 21))
    (tmp_path / "b.wgsl").write_text("")
    with pytest.raises(KernelscopeError, match=re.escape(words)):
        read_edit(tmp_path / file, like, "matvec", name, [])


def test_options_that_belong_together(tmp_path: Path) -> None:
    for arguments in (["--kernel", "b.wgsl"], ["--like", "f32"]):
        done = call("run", *arguments, cwd=tmp_path)
        assert done.returncode == 2
        assert "--like" in done.stderr


def test_show_for_the_web_puts_back_the_directives(tmp_path: Path) -> None:
    here = call("show", "u8-dot4+subgroup", cwd=tmp_path).stdout
    web = call("show", "u8-dot4+subgroup", "--web", cwd=tmp_path).stdout
    assert "enable subgroups;" not in here
    assert web.replace("enable subgroups;\n", "") == here


def test_of_two_kernels_both_run_and_one_may_be_the_base_line(tmp_path: Path) -> None:
    text = call("show", "wasm/f32-simd", cwd=tmp_path).stdout
    for name in ("one", "two"):
        (tmp_path / f"{name}.wat").write_text(text)
    kernels = ["--kernel", "one.wat", "--kernel", "two.wat", "--like", "wasm/f32-simd"]
    few = ["--target", "wasmtime", "--sizes", "64", "--seconds", "0.02", "--no-ceilings", "--out", "a.json"]
    done = call("run", *kernels, *few, "--baseline", "f32-simd+two", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    session = load(tmp_path / "a.json")
    assert [m.case.variant for m in session.measurements] == ["f32-simd", "f32-simd+one", "f32-simd+two"]
    assert {m.status.value for m in session.measurements} == {"ok"}
    assert session.plan.baseline == "f32-simd+two"
    twice = call("run", *kernels, *kernels[:2], *few, cwd=tmp_path)
    assert twice.returncode == 1
    assert "there is a variant f32-simd+one already" in twice.stderr
    assert call("run", *kernels, "--name", "mine", *few, cwd=tmp_path).returncode == 2
