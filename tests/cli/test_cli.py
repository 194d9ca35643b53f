"""The command line as people call it: real processes, real targets."""

import csv
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.target import Runtime, Target
from app.storage.files import load
from tests.conftest import ROOT, until

QUICK = ["--target", "numpy,wasmtime", "--sizes", "64,100x30", "--seconds", "0.02"]


def call(
    *arguments: str, cwd: Path, path: Path | None = None, **env: str
) -> subprocess.CompletedProcess[str]:
    paths = [str(entry) for entry in (path, ROOT) if entry]
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths), **env},
        capture_output=True,
        text=True,
        timeout=500,  # a busy machine takes its time; what ends is waited for no longer
        check=False,
    )


def test_help_has_examples(tmp_path: Path) -> None:
    for words in ([], ["run"], ["show"], ["hardware"], ["kernels"], ["export"], ["open"]):
        done = call(*words, "--help", cwd=tmp_path)
        assert done.returncode == 0
        assert "xample" in done.stdout
    assert call("--version", cwd=tmp_path).stdout.startswith("kernelscope 0.")


def test_hardware_as_text_and_json(tmp_path: Path) -> None:
    text = call("hardware", cwd=tmp_path).stdout
    assert "--target wasmtime" in text
    assert "relaxed-simd" in text
    listed = json.loads(call("hardware", "--json", cwd=tmp_path).stdout)
    assert {"numpy", "wasmtime"} <= {target["id"] for target in listed}
    for target in listed:
        for feature in target["features"]:
            assert feature["state"] in ("supported", "emulated", "missing", "blocked", "unknown")
            assert feature["reason"]


def test_kernels_say_where_they_run(tmp_path: Path) -> None:
    listed = json.loads(call("kernels", "--json", cwd=tmp_path).stdout)
    by_name = {(entry["runtime"], entry["name"]): entry for entry in listed}
    assert {"f32", "f16", "f16-storage", "u8", "u8-dot4"} <= {n for r, n in by_name if r == "wgsl"}
    assert by_name["wasm", "f32-simd"]["runs_on"] == ["wasmtime", "v8"]
    assert by_name["wgsl", "f16"]["requires"] == ["shader-f16"]
    assert "f32-relaxed" in call("kernels", cwd=tmp_path).stdout


def test_show_prints_the_text_that_runs(tmp_path: Path) -> None:
    text = call("show", "u8-dot4", "--set", "rows_per_thread=1", cwd=tmp_path).stdout
    assert "dot4U8Packed" in text
    assert "sum1" not in text
    assert "f32x4.relaxed_madd" in call("show", "wasm/f32-relaxed", cwd=tmp_path).stdout
    assert "matrix @ vector" in call("show", "numpy/f32", cwd=tmp_path).stdout


def test_run_saves_the_session_and_the_table(tmp_path: Path) -> None:
    done = call("run", *QUICK, "--out", "a.kernelscope.json", "--csv", "sub/a.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "f32-simd" in done.stdout
    session = load(tmp_path / "a.kernelscope.json")
    assert {m.status.value for m in session.measurements} == {"ok"}
    assert len(session.measurements) == len(session.plan.cases) == 14
    assert all(session.kernels[m.kernel].text for m in session.measurements)
    rows = list(csv.DictReader((tmp_path / "sub/a.csv").open(newline="")))
    simd = [row for row in rows if row["variant"] == "f32-simd"]
    assert [(row["rows"], row["columns"]) for row in simd] == [("100", "30"), ("64", "64")]
    assert all(float(row["speedup"]) > 0 for row in rows)


def test_run_brings_the_base_line_it_needs(tmp_path: Path) -> None:
    arguments = ["--variant", "f32-scalar", "--target", "wasmtime", "--sizes", "64", "--seconds", "0.02"]
    call("run", *arguments, "--out", "a.json", cwd=tmp_path)
    assert [case.variant for case in load(tmp_path / "a.json").plan.cases] == ["f32-simd", "f32-scalar"]
    call("run", *arguments, "--baseline", "numpy/f32", "--out", "b.json", "--csv", "b.csv", cwd=tmp_path)
    assert [case.target for case in load(tmp_path / "b.json").plan.cases] == ["wasmtime", "numpy"]
    assert all(row["speedup"] for row in csv.DictReader((tmp_path / "b.csv").open(newline="")))


def test_export_writes_every_format(tmp_path: Path) -> None:
    call("run", *QUICK, "--out", "a.json", cwd=tmp_path)
    done = call(
        *("export", "a.json", "--csv", "t.csv", "--json", "t.json", "--png", "c.png", "--svg", "c.svg"),
        cwd=tmp_path,
        QT_QPA_PLATFORM="offscreen",
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "c.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "c.svg").read_text()
    assert len(json.loads((tmp_path / "t.json").read_text())) == 14
    assert (tmp_path / "t.csv").read_text().count("\n") == 15


def test_named_plans_are_listed_and_answer_their_questions(tmp_path: Path) -> None:
    listed = call("kernels", cwd=tmp_path).stdout
    assert "crossover    from which size on is the GPU faster than Wasm" in listed
    quickly = ("--seconds", "0.02", "--no-ceilings")
    done = call("run", "--plan", "threads", "--sizes", "64", *quickly, "--out", "t.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "threads: speedup over one" in done.stdout
    assert "matmul 64 · f32-relaxed+threads · wasmtime" in done.stdout
    swept = [case.swept["threads"] for case in load(tmp_path / "t.json").plan.cases]
    assert set(swept) >= {1, os.cpu_count()}
    done = call(
        "run", "--plan", "suspension", "--sizes", "8", "--seconds", "0.2", "--no-ceilings", cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.split("what it costs to wait")[1].splitlines()]
    assert {tuple(line[:2]) for line in lines} >= {("wasmtime", "fibers"), ("V8", "jspi")}


def test_the_crossover_plan_names_a_size(tmp_path: Path, targets: list[Target]) -> None:
    gpu = next((target.id for target in targets if target.runtime is Runtime.WGSL), None)
    if gpu is None:
        pytest.skip("no GPU adapter")
    choice = ("--target", f"{gpu},wasmtime", "--workload", "matvec", "--sizes", "16,32", "--seconds", "0.05")
    done = call("run", "--plan", "crossover", *choice, "--no-ceilings", "--out", "c.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    table = done.stdout.split("size from which on a GPU is faster than Wasm")[1]
    assert "transfers not known" in table
    # A dispatch takes longer than a product of this size, on any GPU.
    assert "not up to 32" in table
    advice = " ".join(call("advise", "c.json", cwd=tmp_path).stdout.split())
    sizes = re.findall("by the kernel alone, the GPU is behind up to ([0-9]+)", advice)
    if sizes != ["32"]:
        assert sizes in ([], ["16"])
        assert "nothing is said of" in advice  # a busy machine left the rows unsteady
        return
    assert "ceilings measures them" in advice


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--target", "nobody"], "no target matches 'nobody'; there are: "),
        (["run", "--variant", "f64"], "no variant matches 'f64'"),
        (["run", "--workload", "fft"], "no workload matches 'fft'; the nearest of "),
        (["run", "--plan", "fast"], "no plan matches 'fast'; there are: quick, chart1"),
        (["run", "--sizes", "12,huge"], "size 'huge'"),
        (["run", "--baseline", "f99"], "baseline 'f99': no such variant"),
        (["run", "--target", "numpy", "--variant", "u8"], "none of the chosen targets"),
        (["run", "--sizes", "0"], "size '0'"),
        (["tune", "--sizes", "64x"], "size '64x'"),
        (["run", "--chart", "a.bmp"], "a chart is written as .png, .svg or .pdf"),
        (["run", "--out", "/dev/null/a.json"], "cannot be written"),
        (["show", "f99"], "no variant matches 'f99'"),
        (["show", "f32", "--set", "rows=1"], "no parameter 'rows'; there are: rows_per_thread"),
        (["show", "f32", "--set", "rows_per_thread=-1"], "whole number"),
        (["export", "none.json", "--csv", "a.csv"], "none.json: No such file"),
        (["export", "none.json"], "nothing to export"),
    ],
)
def test_bad_input_is_one_line_that_helps(arguments: list[str], words: str, tmp_path: Path) -> None:
    done = call(*arguments, cwd=tmp_path)
    senseless = ("size '", "a chart is written", "whole number", "nothing to export")
    assert done.returncode == (2 if words.startswith(senseless) else 1)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("kernelscope: ")
    assert words in last
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "app", "show", "f32"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=env, stdout=writer, stderr=subprocess.PIPE, timeout=500, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_wrong_usage_is_exit_code_two(tmp_path: Path) -> None:
    done = call("fly", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Usage: kernelscope ")
    assert call("run", "--seconds", "x", cwd=tmp_path).returncode == 2


def test_without_qt_the_run_saves_its_data_and_says_what_is_missing(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked" / "PySide6"
    blocked.mkdir(parents=True)
    (blocked / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open shared object file')")
    arguments = ["run", *QUICK, "--out", "a.json", "--csv", "a.csv", "--chart", "a.svg"]
    done = call(*arguments, cwd=tmp_path, path=blocked.parent)
    assert done.returncode == 1
    assert "no chart: Qt does not load (libEGL.so.1" in done.stderr
    assert load(tmp_path / "a.json").measurements
    assert (tmp_path / "a.csv").exists()
    assert not (tmp_path / "a.svg").exists()
    for words in (["hardware"], ["kernels"], ["show", "f32"], ["export", "a.json", "--csv", "b.csv"]):
        assert call(*words, cwd=tmp_path, path=blocked.parent).returncode == 0


def test_without_an_adapter_wasm_still_runs(tmp_path: Path) -> None:
    """A Vulkan loader without drivers and no OpenGL vendor: what a machine without Mesa looks like."""
    nowhere = {"VK_DRIVER_FILES": "/nonexistent", "__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"}
    done = call("hardware", cwd=tmp_path, **nowhere)
    assert done.returncode == 0
    assert "no GPU adapter: install a Vulkan driver" in done.stderr
    assert "--target wasmtime" in done.stdout
    done = call(
        "run",
        "--sizes",
        "64",
        "--seconds",
        "0.02",
        "--no-ceilings",
        "--out",
        "a.json",
        cwd=tmp_path,
        **nowhere,
    )
    assert done.returncode == 0, done.stderr
    assert {m.case.target for m in load(tmp_path / "a.json").measurements} == {"wasmtime", "v8", "numpy"}


def test_without_a_display_the_main_job_is_done_headless(tmp_path: Path) -> None:
    """The whole quick plan, on the CPU engines alone to keep the test short."""
    nowhere = {"VK_DRIVER_FILES": "/nonexistent", "__EGL_VENDOR_LIBRARY_FILENAMES": "/nonexistent"}
    done = call(cwd=tmp_path, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="", **nowhere)
    assert done.returncode == 0, done.stderr
    assert "No window: there is no display" in done.stderr
    results = sorted(path.name for path in (tmp_path / "kernelscope-results").iterdir())
    assert [name.split(".", 1)[1] for name in results] == ["kernelscope.json", "png", "svg"]
    session = load(next((tmp_path / "kernelscope-results").glob("*.json")))
    assert {m.case.shape.rows for m in session.measurements} == {256, 512, 1024, 2048, 4096}


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_keeps_what_was_measured(tmp_path: Path) -> None:
    wasm = ("--target", "wasmtime", "--sizes", "64,128,256,512,1024")
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "run", *wasm, "--seconds", "1", "--no-ceilings", "--out", "a.json"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    saved = tmp_path / "a.json"
    until(lambda: saved.exists() and '"ok"' in saved.read_text())
    process.send_signal(signal.SIGINT)
    out, _err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "wrote a.json" in out
    assert any(m.status.value == "ok" for m in load(tmp_path / "a.json").measurements)


def test_a_file_named_app_beside_the_user_is_not_ours(tmp_path: Path) -> None:
    """Workers import what their parent imports, not what lies in the current folder."""
    (tmp_path / "app.py").write_text("raise SystemExit('wrong app')")
    done = subprocess.run(
        [sys.executable, "-c", "from app.cli import main; import sys; sys.exit(main())", "hardware"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "wasmtime" in done.stdout


def test_operands_come_in_kinds(tmp_path: Path) -> None:
    few = ("--target", "numpy,wasmtime", "--variant", "f32,f32-scalar,i8-dot", "--sizes", "512")
    quickly = ("--seconds", "0.05", "--no-ceilings")
    done = call("run", *few, *quickly, "--operands", "outliers", "--out", "a.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "operands: outliers, warm cache" in " ".join(done.stdout.split())
    session = load(tmp_path / "a.json")
    assert session.plan.settings.operands == "outliers"
    errors = {m.case.variant: m.error.relative_l2 for m in session.measurements if m.error}
    assert (errors["f32-scalar"] or 1) < 1e-5
    assert (errors["i8-dot"] or 0) > 0.1
    again = call("rerun", "a.json", "--out", "b.json", cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert load(tmp_path / "b.json").plan.settings.operands == "outliers"
    refused = call("run", *few, "--operands", "heavy", cwd=tmp_path)
    assert refused.returncode == 1
    assert "no operands of kind 'heavy'; there are: normal, outliers" in refused.stderr
