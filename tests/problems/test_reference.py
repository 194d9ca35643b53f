"""References: einsum, stored arrays, and Python in a process of its own that no session ever starts."""

from pathlib import Path

import numpy as np
import pytest
from msgspec import structs

from app.core.errors import KernelscopeError
from app.core.problem import Problem
from app.core.shape import Shape
from app.problems import registry, runner
from app.problems.workload import make_workload
from app.storage.problems import open_problem
from tests.problems.conftest import change


def opened(folder: Path) -> registry.Opened:
    return open_problem(folder)


def answer(one: registry.Opened, n: int = 37) -> np.ndarray:
    workload = one.workload
    return workload.reference(workload.inputs(Shape(n), 3))


def test_python_is_given_every_array_scalar_and_size_in_double_precision(saxpy: Path) -> None:
    one = opened(saxpy)
    x, y, _ = one.workload.inputs(Shape(37), 3)
    assert np.array_equal(answer(one), 2.5 * x.astype(np.float64) + y)
    (saxpy / "reference.py").write_text(
        "def reference(i):\n    assert (i['n'], i['a'], str(i['x'].dtype)) == (37, 2.5, 'float64')\n "
        "   return i['x']\n"
    )
    assert np.array_equal(answer(opened(saxpy)), x)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def reference(i):\n    return {'z': 1 / 0}\n", "line 2: ZeroDivisionError: division by zero"),
        ("def reference(i):\n    return {'y': i['y']}\n", "gives no z"),
        ("def reference(i):\n    return i['x'][1:]\n", r"the shape \(36,\)"),
        ("def reference(i):\n    return 'wrong'\n", "returns no numbers"),
        ("import os\ndef reference(i):\n    os._exit(7)\n", r"its process ended \(exit 7\)"),
        ("def reference(i:\n", "line 1: SyntaxError"),
        ("x = 1\n", r"no function reference\(inputs\)"),
        ("print('noise')\ndef reference(i):\n    print('more')\n    raise SystemExit\n", "SystemExit"),
    ],
)
def test_what_goes_wrong_there_is_one_line(saxpy: Path, text: str, said: str) -> None:
    (saxpy / "reference.py").write_text(text)
    with pytest.raises(KernelscopeError, match=said) as caught:
        answer(opened(saxpy))
    assert "\n" not in str(caught.value)


def test_one_that_never_returns_is_ended(saxpy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "SECONDS", 0.5)
    (saxpy / "reference.py").write_text("def reference(i):\n    while True:\n        pass\n")
    one = opened(saxpy)
    with pytest.raises(KernelscopeError, match=r"did not return in 0\.5 s"):
        answer(one)


def test_what_came_with_a_session_never_runs(saxpy: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    (saxpy / "reference.py").write_text(f"open({str(mark)!r}, 'w')\ndef reference(i):\n    return i['x']\n")
    problem = opened(saxpy).problem
    registry._known.clear()
    registry.learn([problem])
    known = registry.find("mysaxpy")
    assert known
    with pytest.raises(KernelscopeError, match="never runs"):
        answer(known)
    assert not mark.exists()
    assert registry.opened_here() == frozenset()


def test_a_session_does_not_take_the_place_of_what_the_user_opened(saxpy: Path) -> None:
    mine = opened(saxpy)
    registry.learn([structs.replace(mine.problem, title="another")])
    assert registry.find("mysaxpy") is mine
    with pytest.raises(KernelscopeError, match="not the one of this session"):
        registry.expect(structs.replace(mine.problem, title="another"))


def test_stored_answers_belong_to_their_inputs_and_to_their_file(saxpy: Path) -> None:
    x, y = np.arange(5, dtype=np.float32), np.ones(5, np.float32)
    np.savez(saxpy / "five.npz", x=x, y=y, z=2.5 * x + y)
    stored = 'stored = [{ file = "five.npz", sizes = { n = 5 } }]'
    change(saxpy / "problem.toml", ('python = "reference.py"', stored))
    one = opened(saxpy)
    assert one.workload.default_shapes == (Shape(5),) == one.workload.odd
    assert np.array_equal(one.workload.inputs(Shape(5), 1)[0], x)
    assert np.array_equal(answer(one, 5), 2.5 * x + y)
    with pytest.raises(KernelscopeError, match="only for n=5"):
        one.workload.inputs(Shape(6), 1)
    np.savez(saxpy / "five.npz", x=x, y=y, z=x)
    with pytest.raises(KernelscopeError, match="has changed since it was opened"):
        answer(one, 5)
    np.savez(saxpy / "five.npz", x=np.array([object()]))
    with pytest.raises(KernelscopeError, match=r"no \.npz of plain arrays"):
        opened(saxpy)


def test_an_einsum_is_answer_magnitudes_tolerance_and_numpys_own_kernel() -> None:
    problem = matvec()
    workload = make_workload(problem)
    operands = workload.inputs(Shape(33, 65), 1)
    a, x = (one.astype(np.float64) for one in operands[:2])
    assert np.allclose(workload.reference(operands), a @ x, rtol=1e-14)
    assert workload.native
    assert np.allclose(workload.native(operands), a @ x, rtol=1e-4)
    assert workload.tolerance("f32", "f32", Shape(33, 65)) < workload.tolerance(
        "f32", "f32", Shape(33, 65000)
    )


def matvec() -> Problem:
    from msgspec import convert

    return convert(
        {
            "name": "own-matvec",
            "sizes": {"rows": 64, "columns": 64},
            "buffers": [
                {"name": "a", "shape": ["rows", "columns"]},
                {"name": "x", "shape": ["columns"]},
                {"name": "y", "shape": ["rows"], "role": "output"},
            ],
            "reference": {"einsum": "ij,j->i"},
            "kernels": [],
        },
        Problem,
    )
