"""``compiled`` and ``explain`` as people call them."""

import json
import re
from pathlib import Path

import pytest
from msgspec import structs

from app.storage.files import save
from tests.charts.made import both_sides
from tests.cli.test_compare import here
from tests.gui import made


def test_two_variants_stand_beside_each_other_with_a_sentence_and_their_lines(tmp_path: Path) -> None:
    pytest.importorskip("capstone", reason="capstone is not installed")
    done = here(tmp_path, "compiled", "f32-simd", "f32-scalar", "--for", "wasmtime")
    assert done.returncode == 0
    head, *rest = done.stdout.splitlines()
    assert head == "Instructions for each multiply-add in the hot loop: counted, not timed"
    assert any(re.match(r"wasmtime +f32-simd +function 0 ", line) for line in rest)
    assert "instructions a multiply-add against" in done.stdout
    assert " of f32-scalar on wasmtime: an instruction does 4 at once, not 1." in done.stdout
    assert re.search(r"^ *\d+ useful +vmulps .*\d+ useful +v?mulss ", done.stdout, re.MULTILINE)
    for bad in ("nan", "inf", " 0.00 "):
        assert bad not in done.stdout


def test_what_cannot_be_compiled_is_one_line(tmp_path: Path) -> None:
    for words, said in (
        (("compiled", "f32-simd", "--for", "navi21"), "wgsl kernels, and f32-simd is none"),
        (
            ("compiled", "f32", "--for", "geforce"),
            "no compiler matches 'geforce'; there are: wasmtime, llvmpipe",
        ),
        (("compiled", "f32", "--set", "rows=1", "--for", "llvmpipe"), "no parameter 'rows'"),
        (("compiled", "f32", "f16", "u8"), "two variants stand beside each other at most"),
    ):
        done = here(tmp_path, *words)
        assert done.returncode
        assert said in done.stderr, words
        assert len(done.stderr.splitlines()) == 1


def test_explain_says_what_each_row_is_bound_by_and_that_no_sensor_told(tmp_path: Path) -> None:
    save(both_sides(), tmp_path / "a.kernelscope.json")
    done = here(tmp_path, "explain", "a.kernelscope.json", "--variant", "f32*")
    assert done.returncode == 0
    assert re.search(r"Full \(Vulkan\) +matvec +f32 +64 +\S+", done.stdout)
    assert "No sensor told clock, temperature or power of Full (Vulkan)" in done.stdout
    told = json.loads(here(tmp_path, "explain", "a.kernelscope.json", "--json").stdout)
    assert {"target", "bound_by", "figures", "first_use"} <= told[0].keys()
    empty = structs.replace(made.session(), measurements=())
    save(empty, tmp_path / "b.kernelscope.json")
    assert "nothing to explain" in here(tmp_path, "explain", "b.kernelscope.json").stdout
