"""What a published page makes of plans, results and clocks, held against the program's words and figures."""

import math
import re
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import to_builtins

from app.core.plan import Case, Plan
from app.core.shape import Shape, names_by_workload
from app.figures import units
from app.measure.verify import compare, most_unmoved
from app.storage.method import constants
from app.storage.publish import SOURCES
from tests.web.modules import close, page


@given(samples=st.lists(st.floats(1e-9, 10)))
def test_medians(samples: list[float]) -> None:
    expected = statistics.median(samples) if samples else None
    assert close([page().value("web.median(samples)", samples=samples)], [expected])


@given(a=st.integers(0, 10**15), b=st.integers(0, 10**15))
def test_steps_of_a_clock(a: int, b: int) -> None:
    found = page().value("String(web.gcd(BigInt(a), BigInt(b)))", a=str(a), b=str(b))
    assert int(found) == math.gcd(a, b)


@given(figure=st.integers(100, 999), power=st.integers(-11, -1))
def test_times_are_in_the_units_of_the_program(figure: int, power: int) -> None:
    seconds = float(f"{figure}e{power}")
    assert page().value("web.secondsWords(seconds)", seconds=seconds) == units.seconds(seconds)


@given(figure=st.integers(100, 999), power=st.integers(-5, 3))
def test_ratios_and_errors_read_as_in_the_program(figure: int, power: int) -> None:
    value = float(f"{figure}e{power}")
    assert page().value("web.timesWords(value)", value=value) == units.times(value)
    error = "web.errorWords({ relative_l2: value }, 'ok')"
    assert page().value(error, value=value / 1e8) == units.error(value / 1e8)


def test_no_time_is_a_dash() -> None:
    assert page().value("web.secondsWords(null)") == units.NO_VALUE


shapes = st.one_of(
    st.builds(Shape, st.sampled_from([16, 32])),
    st.builds(Shape, st.sampled_from([16, 32]), st.sampled_from([16, 32])),
    st.builds(Shape, st.sampled_from([16, 32]), st.sampled_from([16, 32]), st.sampled_from([16, 32])),
)
cases = st.lists(
    st.builds(
        Case,
        st.sampled_from(["page-gpu", "page-wasm"]),
        st.sampled_from(["copy", "matmul"]),
        st.just("f32"),
        shapes,
    ),
    min_size=1,
    max_size=8,
)


@given(chosen=cases)
def test_shapes_have_the_names_that_the_program_gives_them(chosen: list[Case]) -> None:
    plan = {"cases": [{"case": to_builtins(case)} for case in chosen]}
    found = page().value("plan.cases.map((page) => web.sizeWords(plan, page.case))", plan=plan)
    names = names_by_workload((case.workload, case.shape) for case in chosen)
    assert found == [names[case.workload, case.shape] for case in chosen]


@given(chosen=cases)
def test_groups_are_those_of_the_plan(chosen: list[Case]) -> None:
    chosen.sort(key=lambda case: str(case.group))
    pages = [{"case": to_builtins(case), "index": i} for i, case in enumerate(chosen)]
    found = page().value("web.groups(pages).map((group) => group.map(({ index }) => index))", pages=pages)
    assert found == Plan(tuple(chosen), "f32").groups()


def test_a_base_line_is_that_of_its_own_runtime() -> None:
    plan = {"bases": [["matvec", "wasm", "f32-simd"], ["matvec", "wgsl", "f32"]]}
    group = [
        {"case": {"workload": "matvec", "variant": name}, "runtime": runtime}
        for runtime, name in (
            ("wasm", "f32"),
            ("wgsl", "f32-simd"),
            ("wasm", "f32-simd"),
            ("wasm", "f32-simd"),
        )
    ]
    assert page().value("web.baseOf(plan, group)", plan=plan, group=group) == 2
    assert page().value("web.baseOf(plan, group)", plan=plan, group=group[:2]) == -1


def test_speedups_are_of_rounds_that_both_took_part_in() -> None:
    base = {"status": "ok", "samples": [2.0, 4.0, 9.0], "stretches": [{"life": 0, "first": 0, "count": 3}]}
    ours = {
        "status": "ok",
        "samples": [1.0, 3.0, 1.0],
        "stretches": [{"life": 0, "first": 0, "count": 1}, {"life": 0, "first": 2, "count": 2}],
    }
    over = page().value("web.speedupOver(base, ours)", base=base, ours=ours)
    assert over == pytest.approx(math.sqrt(2 * 3))
    for one, other in (
        (base, {**ours, "status": "failed"}),
        ({**base, "status": "wrong result"}, ours),
        (None, ours),
    ):
        assert page().value("web.speedupOver(base, ours)", base=one, ours=other) is None


@pytest.mark.parametrize(("off", "acceptable"), [(0.0, True), (19.0, True), (21.0, False)])
def test_one_wrong_element_among_many_shows(off: float, acceptable: bool) -> None:
    truth = np.random.default_rng(1).normal(0, 1, 10_000)
    within = 1e-3
    result = truth.astype(np.float32)
    result[77] += off * within * np.sqrt(np.mean(truth**2))
    error = compare(result, truth, truth, within)
    judge = (
        "((error) => [error.relative_l2, error.max_abs, error.kernel_relative_l2, error.kernel_worst,"
        " web.acceptable(error)])(web.compare(new Uint8Array(new Float32Array(result).buffer), "
        "{ truth: new Float64Array(truth), stored: new Float64Array(truth), index: '', tolerance }))"
    )
    *figures, accepted = page().value(judge, result=result.tolist(), truth=truth.tolist(), tolerance=within)
    assert accepted is acceptable is error.acceptable
    expected = [error.relative_l2, error.max_abs, error.kernel_relative_l2, error.kernel_worst]
    assert figures == pytest.approx(expected, rel=1e-9)


FOLLOWS = """(async () => {
  const told = [];
  let operand = new Uint8Array([1, 2, 3, 4]);
  let answer = new Float32Array([operand[0]]);
  const kernel = {
    async time() {
      told.push("time");
      if (!keeps) answer = new Float32Array([operand[0]]);
      if (traps && operand[0] !== 1) throw new Error("trap");
    },
    async load(places, [bytes]) {
      told.push(`load ${bytes[0]}`);
      operand = bytes;
    },
    async result() { return new Uint8Array(answer.slice().buffer); },
  };
  const page = { program: { buffers: [64, 16, 4] }, runtime: "wasm", buffers: ["module", "large", "small"] };
  const data = { bytes: async (name) => { told.push(name); return new Uint8Array([1, 2, 3, 4]); } };
  let wrong = "";
  try {
    await web.checkFollows(kernel, page, data, { truth: new Float64Array(1), index: "" });
  } catch (error) {
    wrong = error.message;
  }
  return [told, [...new Float32Array((await kernel.result()).buffer)], wrong];
})()"""


@pytest.mark.parametrize("traps", [False, True])
def test_the_operands_and_the_answer_to_them_are_back_after_they_were_changed(traps: bool) -> None:
    told, answer, wrong = page().value(FOLLOWS, traps=traps, keeps=False)
    assert told == ["small", "load 254", "time", "load 1", "time"]
    assert answer == [1]
    assert wrong == ""


def test_an_answer_that_is_kept_is_wrong() -> None:
    *_, wrong = page().value(FOLLOWS, traps=False, keeps=True)
    assert wrong == "1 of 1 results stayed the same when the operands changed"


METHOD = [
    "calibrate.js",
    "visits.js",
    "warm.js",
    "sampling.js",
    "stopping.js",
    "statistics.js",
    "follows.js",
    "verify.js",
]


def code(name: str) -> str:
    """A module without its comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", (SOURCES / name).read_text("utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("name", METHOD)
def test_every_number_that_a_module_names_comes_with_the_plan(name: str) -> None:
    own = re.search(r"const its = method\.(\w+)", code(name))
    used = re.findall(r"\bmethod\.(\w+)\.([A-Z]\w+)", code(name))
    used += [(own[1], constant) for constant in re.findall(r"\bits\.([A-Z]\w+)", code(name))] if own else []
    assert used
    known = constants()
    assert [(module, constant) for module, constant in used if constant not in known[module]] == []


@pytest.mark.parametrize("name", METHOD)
def test_no_number_of_the_method_is_in_the_page_itself(name: str) -> None:
    numbers = re.findall(r"(?<![\w.$])\d[\w.]*", code(name).replace("1e-300", ""))
    assert set(numbers) <= {"0", "1", "2", "3", "4", "100", "1000"}


def test_modules_are_small() -> None:
    for file in SOURCES.iterdir():
        assert len(Path(str(file)).read_text("utf-8").splitlines()) < 300, file.name


def test_numbers_keep_their_names_and_values() -> None:
    known: dict[str, Any] = constants()
    assert known["calibrate"]["PATIENCE"] != known["stopping"]["PATIENCE"]
    assert known["calibrate"]["DOUBLES"] == (1.5, 3.0)
    assert known["measurement"]["WORST_FACTOR"] == 20


@pytest.mark.parametrize(
    ("kernels", "targets", "words"),
    [
        (["wgsl"], ["wasm"], "gives no WebGPU adapter"),
        (["wgsl"], [], "gives no WebGPU adapter"),
        (["wasm"], [], "runs none of its kernels"),
        (["wgsl", "wasm"], ["wasm"], ""),
        (["wgsl"], ["wgsl", "wasm"], ""),
    ],
)
def test_a_page_that_can_run_nothing_says_why(kernels: list[str], targets: list[str], words: str) -> None:
    plan = {"cases": [{"runtime": runtime} for runtime in kernels]}
    there = [{"runtime": runtime} for runtime in targets]
    found = str(page().value("web.whyNothing(plan, targets)", plan=plan, targets=there))
    assert (words in found) if words else found == ""


@pytest.mark.parametrize(
    "dtype", ["float32", "float16", "int32", "uint32", "int16", "uint16", "int8", "uint8"]
)
def test_results_of_every_type_are_read_as_they_were_stored(dtype: str) -> None:
    kept = np.dtype(dtype)
    values = [0, 1, 2, 100] + ([-1.5, 65504, 6e-8, 2**-14] if kept.kind == "f" else [-1] * (kept.kind == "i"))
    array = np.array(values, kept)
    call = f"Array.from(web.elements(new Uint8Array(bytes), {dtype!r}))"
    assert page().value(call, bytes=list(array.tobytes())) == array.astype(float).tolist()


@given(counts=st.lists(st.integers(1, 4), min_size=1, max_size=30), half=st.booleans())
def test_whole_numbers_that_stay_by_chance_are_as_many_as_in_the_program(
    counts: list[int], half: bool
) -> None:
    before = np.array(counts) + 0.5 * half
    found = page().value("web.mostUnmoved(before)", before=before.tolist())
    assert math.isclose(found, most_unmoved(before), rel_tol=1e-9)
