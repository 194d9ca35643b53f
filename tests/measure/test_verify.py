"""The judge of results: strict with one element, fair to terms that cancel, plain about what is no figure."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from app.catalog.index import find
from app.core.kinds import NORMAL
from app.core.measurement import Error
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.workload import Operands
from app.engines import Kernel, load
from app.measure.prepare import Ready, prepare
from app.measure.verify import WrongResult, check_follows, compare, complaint
from app.workloads import workloads
from app.workloads.linear import Ending, layer
from tests.web.modules import page

COUNT = 10_000
TOLERANCE = 1e-5

Compare = Callable[[np.ndarray, np.ndarray], Error]


def in_python(result: np.ndarray, truth: np.ndarray) -> Error:
    return compare(result, truth, truth, TOLERANCE)


def in_the_page(result: np.ndarray, truth: np.ndarray) -> Error:
    """The judge of published pages, in V8."""
    expression = """(() => {
      const raw = new Float32Array(result);
      for (const i of wrong) raw[i] = NaN;
      const exact = new Float64Array(truth);
      return web.compare(raw, { truth: exact, stored: exact, index: null, tolerance, weights: null });
    })()"""
    answer = page().value(
        expression,
        result=np.nan_to_num(result, nan=0.0).tolist(),
        wrong=np.flatnonzero(~np.isfinite(result)).tolist(),
        truth=truth.tolist(),
        tolerance=TOLERANCE,
    )
    return msgspec.convert(answer, Error)


JUDGES = pytest.mark.parametrize("judge", [in_python, in_the_page])


@JUDGES
@pytest.mark.parametrize(("times", "right"), [(19, True), (21, False)])
def test_one_element_of_many_is_bounded_by_the_root_mean_square(
    judge: Compare, times: int, right: bool
) -> None:
    truth = np.random.default_rng(1).standard_normal(COUNT).astype(np.float32).astype(np.float64)
    result = truth.astype(np.float32)
    usual = float(np.sqrt(np.mean(truth**2)))
    at = int(np.argmin(np.abs(truth)))  # where f32 rounds least
    result[at] += np.float32(times * TOLERANCE * usual)
    error = judge(result, truth)
    assert error.kernel_relative_l2 is not None
    assert error.kernel_relative_l2 < TOLERANCE
    assert error.kernel_worst == pytest.approx(times * TOLERANCE, rel=0.01)
    assert error.acceptable is right


@JUDGES
def test_what_is_not_finite_has_no_figure(judge: Compare) -> None:
    truth = np.ones(10)
    result = truth.astype(np.float32)
    result[3] = np.nan
    error = judge(result, truth)
    assert (error.relative_l2, error.max_abs, error.kernel_relative_l2, error.kernel_worst) == (None,) * 4
    assert not error.acceptable
    assert error.words == "not finite"
    assert "not finite" in complaint(error)
    assert b"1e300" not in msgspec.json.encode(error)


def test_what_earlier_versions_wrote_for_it_is_understood() -> None:
    old = (
        b'{"relative_l2":1e300,"max_abs":1e300,"kernel_relative_l2":1e300,"kernel_worst":1e300,"tolerance":1}'
    )
    assert msgspec.json.decode(old, type=Error) == Error(None, None, None, None, 1.0)


def around_fifty(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """A matrix of mean 50, and a vector whose sum is nothing: first what is positive, then what is not."""
    assert shape.columns
    random = np.random.default_rng(seed)
    matrix = random.standard_normal((shape.rows, shape.columns), dtype=np.float32) + np.float32(50)
    half = np.abs(random.standard_normal(shape.columns // 2, dtype=np.float32)) + np.float32(0.1)
    return matrix, np.concatenate([half, -half])


def shuffled(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """The same in any order."""
    matrix, vector = around_fifty(shape, seed)
    return matrix, np.random.default_rng(seed).permutation(vector)


def large_over_small(shape: Shape, seed: int, kind: str = NORMAL) -> Operands:
    """Every other term takes the one before it away, all but a ten-thousandth."""
    matrix, _ = around_fifty(shape, seed)
    matrix[:, 1::2] = matrix[:, ::2] * np.float32(1 - 1e-4)
    return matrix, np.tile(np.array([1, -1], np.float32), matrix.shape[1] // 2)


KERNELS = {
    "wasmtime": ("f32-scalar", "f32-simd"),
    "webgpu": ("f32", "f32+rowwise", "f32+shared"),
    "native": ("f32",),
}


@pytest.mark.parametrize("size", [Shape(64, 66), Shape(64, 4096)])
@pytest.mark.parametrize("inputs", [None, around_fifty, shuffled, large_over_small])
@pytest.mark.parametrize("engine", KERNELS)
def test_terms_that_cancel_are_right_and_a_missing_one_is_wrong(
    engine: str,
    inputs: Callable[..., Operands] | None,
    size: Shape,
    targets: list[Target],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = next((t for t in targets if t.engine == engine), None)
    if target is None:
        pytest.skip(f"no {engine} here")
    matvec = workloads()["matvec"]
    if inputs:
        monkeypatch.setitem(workloads(), "matvec", replace(matvec, inputs=inputs))
    device = load(engine).open(target)
    for name in KERNELS[engine]:
        variant = find("matvec", name, target.runtime)
        case = Case(target.id, "matvec", name, size, variant.defaults(target))
        ready = prepare(device, target, case, 3)
        error = run(ready)
        assert error.acceptable, (name, error)
        buffers = list(ready.layout.buffers)
        vector = ready.layout.buffers[buffers[1]].copy()
        vector[17] = 0
        ready.kernel.load({buffers[1]: vector})
        assert not run(ready).acceptable, (name, "a term is missing", error)
        ready.kernel.close()


def run(ready: Ready) -> Error:
    ready.kernel.poison()
    ready.kernel.time(1)
    return ready.check(ready.kernel.result())


def test_usual_operands_keep_a_strict_tolerance() -> None:
    """Ten thousand times finer than what a term is among 10,000; with zero points a few times coarser."""
    for name, runtime, most in (("f32", Runtime.WGSL, 1.01e-5), ("u8", Runtime.WGSL, 4e-5)):
        target = Target("x", "X", "webgpu", runtime, "", "", "", "GPU")
        variant = find("matvec", name, runtime)
        case = Case("x", "matvec", name, Shape(300, 4096), variant.defaults(target))
        ready = prepare(Still(), target, case, 1)  # type: ignore[arg-type]
        error = ready.check(np.zeros(300, np.float32))
        assert error.tolerance < most


@pytest.mark.parametrize(
    ("shape", "kind"), [(layer(2, 64, 64), "outliers"), (layer(3, 64, 64, like=Ending("relu")), NORMAL)]
)
def test_an_answer_that_hides_an_operand_behind_larger_ones_follows_all_the_same(
    shape: Shape, kind: str
) -> None:
    """A bias beside a product far below zero is lost in gelu; half of what relu gives is zero."""
    engine = load("native")
    (target,) = engine.targets()
    ready = prepare(engine.open(target), target, Case(target.id, "linear", "f32", shape, {}), 1, kind=kind)
    before = ready.kernel.result()
    check_follows(ready.kernel, ready.layout)
    assert (ready.kernel.result() == before).all()
    with pytest.raises(WrongResult, match="results stayed the same"):
        check_follows(Deaf(ready.kernel), ready.layout)  # type: ignore[arg-type]


class Deaf:
    """A kernel that keeps the answer to its first operands."""

    def __init__(self, kernel: Kernel) -> None:
        self._result = kernel.result()

    def load(self, buffers: object) -> None:
        pass

    def time(self, repeats: int) -> float:
        return 1.0

    def result(self) -> np.ndarray:
        return self._result


class Still:
    """A device that runs nothing."""

    def prepare(self, program: object) -> object:
        return None
