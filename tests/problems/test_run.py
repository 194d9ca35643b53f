"""Problems run as the catalogue's workloads do: verified at crooked shapes, timed, tuned, kept, published."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from app.catalog.choice import Choice
from app.catalog.index import find, variants
from app.catalog.request import Request, chosen
from app.core.errors import KernelscopeError
from app.core.events import TuningFinished
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.tuning import TuneSettings
from app.findings.rerun import plan_here
from app.findings.rows import rows
from app.problems import registry
from app.storage.files import load, save
from app.storage.problems import open_problem
from app.storage.publish import PAGE_TARGETS, publish
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor
from tests.conftest import take_session
from tests.problems.conftest import FOLDERS, change

QUICK = Settings(seconds=0.02, warm_up_seconds=0.05)
SIZES = {
    "mysaxpy": "4096",
    "softmax-rows": "64x128",
    "histogram-atomics": "4096x64",
    "blur3x3": "64",
    "prefix-sum": "4096",
}
ENGINES = ("webgpu", "wasmtime", "v8")


def measured(
    supervisor: Supervisor, targets: list[Target], names: list[str], engines: tuple[str, ...]
) -> Session:
    """The problems, opened before, on the first target of each engine."""
    ours = [
        next(t for t in targets if t.engine == engine)
        for engine in engines
        if any(t.engine == engine for t in targets)
    ]
    choices = tuple(
        Choice(workload=(name,), target=[t.id for t in ours], sizes=(SIZES[name],)) for name in names
    )
    plan = chosen(Request(choices=choices, settings=QUICK), targets)
    session, _ = take_session(supervisor, targets, plan)
    return session


def states(session: Session) -> dict[tuple[str, str, str], tuple[Status, str]]:
    return {
        (m.case.workload, m.case.variant, m.case.target): (m.status, m.reason) for m in session.measurements
    }


def test_five_problems_are_right_on_every_engine(
    saxpy: Path, supervisor: Supervisor, targets: list[Target], tmp_path: Path
) -> None:
    names = [
        open_problem(folder).problem.name
        for folder in (saxpy, *sorted(p for p in FOLDERS.iterdir() if p.is_dir()))
    ]
    session = measured(supervisor, targets, names, ENGINES)
    found = states(session)
    assert len({workload for workload, *_ in found}) == 5
    assert {status for status, _ in found.values()} == {Status.OK}, found
    known = rows(session, {})  # the session describes its own problems
    assert all(row.flops and row.bytes for row in known)
    assert {row.variant.name for row in known if row.is_baseline} >= {
        "simple",
        "softmax",
        "serial",
        "blur",
        "sum",
    }
    save(session, tmp_path / "five.kernelscope.json")
    again = load(tmp_path / "five.kernelscope.json")
    assert again.plan.problems == session.plan.problems
    assert [row.bytes for row in rows(again, {})] == [row.bytes for row in known]


WRONG = [
    (
        "mysaxpy",
        "simple.wat",
        "(local.set $end (i32.shl (local.get $n) (i32.const 2)))",
        "(local.set $end (i32.shl (i32.and (local.get $n) (i32.const -8)) (i32.const 2)))",
        "wasmtime",
    ),
    (
        "softmax-rows",
        "softmax.wat",
        "(f32.const 0.16666666)",
        "(f32.const 0.26666666)",
        "wasmtime",
    ),
    (
        "histogram-atomics",
        "histogram.wat",
        "(i32.const 1)))\n        (local.set $i",
        "(i32.const 2)))\n        (local.set $i",
        "wasmtime",
    ),
    ("blur3x3", "blur.wat", "(f32.const 9)", "(f32.const 8)", "wasmtime"),
    (
        "prefix-sum",
        "sum.wat",
        "(local.set $sum (local.get $before))",
        "(local.set $sum (i32.const 0))",
        "wasmtime",
    ),
    ("mysaxpy", "simple.wgsl", "id.x < scalars.n", "id.x < (scalars.n & ~7u)", "webgpu"),
    ("softmax-rows", "group.wgsl", "exp(x[start + i] - largest) / sum", "exp(x[start + i]) / sum", "webgpu"),
    (
        "histogram-atomics",
        "histogram.wgsl",
        "atomicAdd(&counts[data[id.x] % sizes.bins], 1u)",
        "atomicStore(&counts[data[id.x] % sizes.bins], 1u)",
        "webgpu",
    ),
    ("blur3x3", "column.wgsl", "min(x + 1, last)", "min(x + 1, last - 1)", "webgpu"),
    ("prefix-sum", "blocks.wgsl", "whole[id.x] += before", "whole[id.x] += before * 2", "webgpu"),
]


def test_a_kernel_that_is_wrong_is_never_fast(
    saxpy: Path, copied: Callable[[str], Path], supervisor: Supervisor, targets: list[Target]
) -> None:
    folders = {"mysaxpy": saxpy} | {name: copied(name) for name in SIZES if name != "mysaxpy"}
    for name, file, old, new, _ in WRONG:
        change(folders[name] / file, (old, new))
    names = [open_problem(folder).problem.name for folder in folders.values()]
    found = states(measured(supervisor, targets, names, ("webgpu", "wasmtime")))
    broken = {(name, file.partition(".")[0]) for name, file, *_ in WRONG}
    for (name, variant, target), (status, reason) in found.items():
        kind = "wat" if "wasm" in target else "wgsl"
        files = {
            k.file.partition(".")[0]: k for k in registry.known()[name].problem.kernels if k.suffix == kind
        }
        file = next(stem for stem, k in files.items() if (k.name or stem) == variant)
        wrong = (name, file) in broken and any(f == f"{file}.{kind}" for n, f, *_ in WRONG if n == name)
        assert (status is Status.WRONG) == wrong, (name, variant, target, status, reason)
    # Right at 4096, wrong where 8 does not divide n: found by the crooked shapes alone.
    crooked = [
        reason
        for (name, variant, _), (_, reason) in found.items()
        if (name, variant) == ("mysaxpy", "simple")
    ]
    assert all("wrong at 37" in reason for reason in crooked)
    if any(target.engine == "webgpu" for target in targets):
        assert any("binding 0 is x, 1 is y, 2 is the result" in reason for reason in crooked)
    assert any("it exports memory and run(runs: i32, x: i32" in reason for reason in crooked)


def test_a_session_is_run_again_only_with_its_folder(
    saxpy: Path, supervisor: Supervisor, targets: list[Target]
) -> None:
    open_problem(saxpy)
    session = measured(supervisor, targets, ["mysaxpy"], ("wasmtime",))
    registry._known.clear()
    registry.learn(session.plan.problems)
    plan, left_out = plan_here(session, targets, variants(), opened=registry.opened_here())
    assert not plan.cases
    assert "came with the session" in next(iter(left_out))
    plan, _ = plan_here(session, targets, variants(), run_edited=True)
    again, _ = take_session(supervisor, targets, plan)
    assert {reason for _, reason in states(again).values()} == {
        "the reference of mysaxpy is Python that came with a session, which never runs: "
        "open the problem's folder (--problem DIR)"
    }
    open_problem(saxpy)
    plan, left_out = plan_here(session, targets, variants(), opened=registry.opened_here())
    assert len(plan.cases) == 2
    assert not left_out


def test_parameters_are_tuned(
    saxpy: Path, supervisor: Supervisor, targets: list[Target], gpus: list[Target]
) -> None:
    open_problem(saxpy)
    many = find("mysaxpy", "many", Runtime.WGSL)
    case = Case(gpus[0].id, "mysaxpy", "many", Shape(4096), many.defaults(gpus[0]))
    *_, last = supervisor.tune(case, TuneSettings(seconds=3))
    assert isinstance(last, TuningFinished)
    assert last.tuning, last.reason
    assert last.tuning.tried > 1


def test_a_page_is_published_with_the_problem_and_the_types_of_its_results(tmp_path: Path) -> None:
    names = [open_problem(FOLDERS / name).problem.name for name in ("histogram-atomics", "prefix-sum")]
    request = Request(choices=(Choice(workload=names, sizes=()),), settings=QUICK)
    plan = chosen(request, PAGE_TARGETS)
    publish(plan, tmp_path / "page")
    written = json.loads((tmp_path / "page" / "plan.json").read_text())
    assert [problem["name"] for problem in written["plan"]["problems"]] == names
    assert {case["dtype"] for case in written["cases"]} == {"uint32", "int32"}
    assert len(written["cases"]) == len(plan.cases) == 10


def test_a_session_with_a_problem_that_is_none_does_not_open(saxpy: Path, tmp_path: Path) -> None:
    problem = open_problem(saxpy).problem
    plan = Plan((), problems=(problem,))
    session = make_recorder(plan, ()).session()
    for wrong in (
        structs.replace(problem, name="matvec"),
        structs.replace(problem, flops="2 * m"),
        structs.replace(problem, crooked=("7",) * 1000),
        structs.replace(problem, title="x" * 1_000_000),
        structs.replace(problem, kernels=problem.kernels[:1] * 2),
    ):
        save(structs.replace(session, plan=structs.replace(plan, problems=(wrong,))), tmp_path / "wrong.json")
        with pytest.raises(KernelscopeError, match="damaged session"):
            load(tmp_path / "wrong.json")
    save(session, tmp_path / "right.json")
    assert load(tmp_path / "right.json").plan.problems == (problem,)
