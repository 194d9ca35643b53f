"""``compare`` and ``rerun`` as people call them."""

import contextlib
import json
import os
import re
import struct
import subprocess
from pathlib import Path

import msgspec
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from app.charts.modes import MODES
from app.cli.commands import app
from app.core.errors import KernelscopeError
from app.core.measurement import Measurement, Status
from app.storage.files import load, save
from tests.cli.test_cli import call
from tests.gui import made


def slower(measurement: Measurement) -> Measurement:
    times = tuple(1.2 * seconds for seconds in measurement.samples)
    return msgspec.structs.replace(measurement, samples=times)


def broken(measurement: Measurement) -> Measurement:
    if measurement.case.variant != "u8":
        return measurement
    return msgspec.structs.replace(measurement, status=Status.WRONG, reason="relative error 0.5")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save(made.session(), tmp_path / "old.kernelscope.json")
    save(made.session(spoil=slower), tmp_path / "new.kernelscope.json.gz")
    save(made.session(spoil=broken), tmp_path / "bad.kernelscope.json")
    return tmp_path


def here(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in this process: what a fresh one would do, without waiting for it to start."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with contextlib.chdir(folder):
        result = CliRunner().invoke(app, arguments)
    code, err = result.exit_code, result.stderr
    if isinstance(result.exception, KernelscopeError):
        code, err = 1, f"{err}{result.exception}"
    return subprocess.CompletedProcess(arguments, code, result.stdout, err)


def compare(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return here(folder, "compare", *arguments)


def test_verdicts_means_and_exit_codes(folder: Path) -> None:
    old, new, bad = "old.kernelscope.json", "new.kernelscope.json.gz", "bad.kernelscope.json"
    done = compare(folder, old, new)
    assert done.returncode == 0, done.stderr
    assert "1.20× slower (1." in done.stdout
    assert "matvec u8 on Full (Vulkan): 1.20× slower" in done.stdout
    assert "27 slower, 3 no data" in done.stdout
    assert compare(folder, old, new, "--fail-on", "slower").returncode == 1
    assert compare(folder, old, new, "--fail-on", "slower", "--margin", "25").returncode == 0
    assert compare(folder, old, old, "--fail-on", "slower").returncode == 0
    done = compare(folder, old, bad, "--fail-on", "slower")
    assert done.returncode == 1
    assert "no longer right: matvec u8 64 on full" in done.stdout
    assert compare(folder, old, new, "--fail-on", "sometimes").returncode == 2


def test_as_json_even_with_a_chart(folder: Path) -> None:
    arguments = [
        "old.kernelscope.json",
        "new.kernelscope.json.gz",
        "--json",
        "--chart",
        "a.svg",
        "--articles",
    ]
    done = compare(folder, *arguments, "--baseline", "f16")
    listed = json.loads(done.stdout)
    assert len(listed) == 30
    assert {entry["verdict"] for entry in listed} == {"slower", "no data"}
    assert "u8-dot4: article: 1.7–2.9×" in done.stderr
    assert "Tint" in done.stderr
    drawing = (folder / "a.svg").read_text()
    for words in (
        "article: 1.6–2.8× (chart 1)",
        "Full (Vulkan)",
        "95 % intervals",
        "Test CPU",
        "speedup over f16",
    ):
        assert words in drawing


def test_bars_as_png_and_their_errors(folder: Path) -> None:
    old = "old.kernelscope.json"
    assert compare(folder, old, "--chart", "a.png", "--size", "64").returncode == 0
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    for arguments, words in (
        (["--chart", "a.bmp"], "a chart is written as .png, .svg or .pdf"),
        (["--chart", "a.png", "--size", "77"], "no such size 77; there are: 64, 128, 256"),
    ):
        done = compare(folder, old, *arguments)
        assert done.returncode == 1
        assert words in done.stderr


def test_one_session_shows_its_means(folder: Path) -> None:
    done = compare(folder, "old.kernelscope.json")
    assert "matvec u8-dot4 on Full (Vulkan): 4.00× faster" in done.stdout
    listed = json.loads(compare(folder, "old.kernelscope.json", "--json").stdout)
    assert {entry["cases"] for entry in listed} == {3}


def test_hardware_matrix(folder: Path) -> None:
    text = compare(folder, "old.kernelscope.json", "new.kernelscope.json.gz", "--hardware").stdout
    assert "old: Full (Vulkan)" in text
    line = next(line for line in text.splitlines() if line.startswith("shader-f16"))
    assert line.split()[1:] == ["yes", "no", "yes", "no"]
    assert "256 MiB" in text
    listed = json.loads(compare(folder, "old.kernelscope.json", "--hardware", "--json").stdout)
    assert [entry["target"] for entry in listed] == ["full", "bare"]


def test_rerun_runs_the_same_plan_and_says_what_it_cannot(tmp_path: Path) -> None:
    arguments = [
        "--target",
        "numpy,wasmtime",
        "--variant",
        "f32,f32-s*",
        "--sizes",
        "64",
        "--seconds",
        "0.02",
    ]
    call("run", *arguments, "--no-ceilings", "--out", "a.json", cwd=tmp_path)
    before = load(tmp_path / "a.json")
    gone = msgspec.structs.replace(before.targets[-1], id="gone")
    lost = msgspec.structs.replace(before.plan.cases[0], target="gone")
    plan = msgspec.structs.replace(before.plan, cases=(*before.plan.cases, lost))
    more = msgspec.structs.replace(before, targets=(*before.targets, gone), plan=plan)
    save(more, tmp_path / "more.json")
    done = call("rerun", "more.json", "--out", "b.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "skipped: 1 case: there is no target gone on this machine" in done.stderr
    assert "now against more" in done.stdout
    after = load(tmp_path / "b.json")
    assert after.plan == before.plan
    assert all(m.status is Status.OK for m in after.measurements)
    save(
        msgspec.structs.replace(more, plan=msgspec.structs.replace(plan, cases=(lost,)), measurements=()),
        tmp_path / "none.json",
    )
    done = call("rerun", "none.json", cwd=tmp_path)
    assert done.returncode == 1
    assert "nothing of this session can run here" in done.stderr


def test_the_line_chart_over_the_articles(folder: Path) -> None:
    arguments = ["old.kernelscope.json", "--svg", "a.svg", "--articles"]
    done = here(folder, "export", *arguments, "--baseline", "f16")
    assert done.returncode == 0, done.stderr
    assert "Tint" in done.stdout
    assert "u8-dot4: article: 1.7–2.9×" in (folder / "a.svg").read_text()
    # Chart 1 is over f16, so it says nothing of speedups over f32.
    here(folder, "export", *arguments)
    assert "1.7–2.9×" not in (folder / "a.svg").read_text()
    assert "f16: article: up to 2×" in (folder / "a.svg").read_text()


def test_a_base_line_that_was_not_measured_is_refused(folder: Path) -> None:
    old = "old.kernelscope.json"
    for words in (["export", old, "--csv", "a.csv"], ["advise", old], ["compare", old, "--chart", "a.svg"]):
        for name, said in (("f99", "no such variant; there are: f32, f16"), ("gone/f32", "no such target")):
            done = here(folder, *words, "--baseline", name)
            assert done.returncode == 1
            assert f"baseline '{name}': {said}" in done.stderr
    assert not (folder / "a.csv").exists()


def test_every_kind_of_chart_by_name(folder: Path) -> None:
    arguments = ["export", "old.kernelscope.json", "--svg", "a.svg", "--pdf", "a.pdf", "--kind"]
    done = here(folder, *arguments, "bars", "--size", "64", "--quantity", "GFLOP/s")
    assert done.returncode == 0, done.stderr
    assert "GFLOP/s, 64" in (folder / "a.svg").read_text()
    assert (folder / "a.pdf").read_bytes().startswith(b"%PDF")
    look = ["--figure", "900x700", "--theme", "dark", "--type-size", "150", "--title", "On my laptop"]
    assert here(folder, *arguments, "cube", "--target", "bare", *look).returncode == 0
    assert "Bare (OpenGL)" in (folder / "a.svg").read_text()
    assert "On my laptop" in (folder / "a.svg").read_text()
    assert 'viewBox="0 0 900 700"' in (folder / "a.svg").read_text()
    assert "--figure 9x9: give the width" in here(folder, *arguments, "bars", "--figure", "9x9").stderr
    for more, words in (
        (["pie"], "no such chart 'pie'; there are: size, bars"),
        (["bars", "--size", "77"], "no such size 77 in this chart; there are: 64, 128, 256"),
        (["tune"], "nothing to draw: Nothing was tuned in this session"),
    ):
        done = here(folder, *arguments, *more)
        assert done.returncode == 1
        assert words in done.stderr
    told = " ".join(here(folder, "export", "--help").stdout.split())
    assert [mode.name for mode in MODES if not re.search(rf"\b{mode.name}\b", told)] == []
    done = here(folder, "run", "--kind", "pie", "--chart", "a.svg")
    assert "no such chart 'pie'" in done.stderr


def test_advise_prints_sentences_by_kind(folder: Path) -> None:
    text = here(folder, "advise", "old.kernelscope.json").stdout
    assert text.startswith("choice:\n  matvec on Full (Vulkan) at 64 to 256: use u8-dot4: ")
    assert "feature:\n" in text
    listed = json.loads(here(folder, "advise", "old.kernelscope.json", "--json").stdout)
    assert {entry["kind"] for entry in listed} == {"choice", "feature"}


def test_export_writes_reports_and_other_tools_formats(folder: Path) -> None:
    wanted = {"--markdown": "a.md", "--html": "a.html", "--google-benchmark": "g.json", "--pyperf": "p.json"}
    arguments = [word for pair in wanted.items() for word in pair]
    done = here(folder, "export", "old.kernelscope.json", *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("wrote ") == 4
    assert "<svg" in (folder / "a.html").read_text()


def test_png_at_any_scale_and_pdf(folder: Path) -> None:
    arguments = ["--png", "a.png", "--scale", "3.5", "--kind", "size", "--pdf", "a.pdf"]
    done = here(folder, "export", "old.kernelscope.json", *arguments)
    assert done.returncode == 0, done.stderr
    header = (folder / "a.png").read_bytes()[16:24]
    assert struct.unpack(">II", header) == (4480, 2520)
    (page,) = PdfReader(folder / "a.pdf").pages
    assert page.mediabox.width / page.mediabox.height == pytest.approx(16 / 9)
    words = " ".join(page.extract_text().split())
    assert "faster" in words.partition("Matrix-vector product y = A x: speedup over f32")[0]
    assert "operands: warm cache" in words
    assert "95 % intervals" in words
    assert not page.images  # drawn, not painted: sharp on paper at any size
