"""Why rows take as long as they do: one kernel bound by each limit, made up and real."""

import pytest
from msgspec import structs

from app.catalog.index import find
from app.core.ceilings import Ceilings, Reading
from app.core.code import Summary
from app.core.measurement import Costs, Status
from app.core.plan import Case, Plan, Settings
from app.core.session import Host
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.variant import Operation
from app.figures.statistics import summarise
from app.findings.advice import AdviceKind, advise
from app.findings.reasons import Cause, reason
from app.findings.rows import Row, rows
from app.machine.ceilings import derive
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session
from tests.findings.test_rows import A, measured, session, variant

MIB = 1 << 20
CEILINGS = Ceilings(
    date="2026-11-03T10:00:00Z",
    read=10e9,
    flops={"f32": 100e9},
    floor=2e-6,
    curve=(Reading(4 * MIB, 40e9), Reading(256 * MIB, 10e9)),
)


def made(seconds: float, of: Ceilings | None = CEILINGS, size: int = 4096, **fields: object) -> Row:
    """matvec f32 at that size, in so many seconds: 64 MiB and 33.5 million operations at 4096."""
    own = structs.replace(measured("a", "f32", seconds), **fields)
    own = structs.replace(own, case=structs.replace(own.case, shape=Shape(size, size)))
    one = structs.replace(session(own), host=Host("", "", 8, 1, ""))
    one = structs.replace(one, ceilings={"a": of} if of else {})
    return rows(one, workloads())[0]


def cause(row: Row) -> Cause:
    assert row.reason
    assert row.reason.figures
    return row.reason.cause


def test_each_limit_is_named_where_a_row_is_near_it() -> None:
    memory = made(8e-3)
    assert cause(memory) is Cause.MEMORY
    assert memory.reason
    assert memory.reason.words.startswith("memory: 8.3")
    assert "of the 10.0 that memory gives" in memory.reason.words
    slow = structs.replace(CEILINGS, flops={"f32": 3e9})
    assert cause(made(14e-3, slow)) is Cause.ARITHMETIC
    assert cause(made(2.5e-6, size=64)) is Cause.DISPATCH
    assert cause(made(0.2e-3, size=900)) is Cause.CACHE
    assert cause(made(0.1)) is Cause.UNKNOWN
    assert cause(made(8e-3, None)) is Cause.UNKNOWN


def test_few_workgroups_are_the_reason_only_where_they_leave_processors_idle() -> None:
    assert cause(made(0.1, workgroups=2)) is Cause.WORKGROUPS
    assert cause(made(0.1, workgroups=8)) is Cause.UNKNOWN
    assert cause(made(8e-3, workgroups=2)) is Cause.MEMORY  # which is all there is


def test_what_a_processor_is_busy_with_instead_is_arithmetic() -> None:
    busy = Summary(loop=100, cost=12.5, counts={"useful": 8, "memory": 30, "scalar": 62})
    row = made(0.1, code=busy)
    assert cause(row) is Cause.ARITHMETIC
    assert row.reason
    assert row.reason.figures.startswith("8.0 % of the loop's 100 instructions are useful, 62 % scalar")
    lean = structs.replace(busy, counts={"useful": 60, "memory": 40})
    assert cause(made(0.1, code=lean)) is Cause.UNKNOWN


def test_without_a_ceiling_of_arithmetic_memory_still_tells() -> None:
    bare = structs.replace(CEILINGS, flops={})
    assert cause(made(8e-3, bare)) is Cause.MEMORY
    assert cause(made(1e-3, bare)) is Cause.CACHE
    assert cause(made(0.1, bare)) is Cause.UNKNOWN


@pytest.mark.parametrize(
    ("costs", "first"),
    [
        (Costs(0.05, 0.001, 0.009), Cause.COMPILE),
        (Costs(0.001, 0.05, 0.009), Cause.TRANSFER),
        (Costs(0.001, 0.001, 0.08), Cause.DISPATCH),
        (Costs(0.001, 0.001, 0.009), None),
    ],
)
def test_the_first_use_goes_into_what_takes_most_of_it(costs: Costs, first: Cause | None) -> None:
    row = made(8e-3, costs=costs)
    assert row.reason
    assert row.reason.first is first
    assert bool(row.reason.first_words) is (first is not None)


@pytest.mark.parametrize(
    ("operation", "expected"),
    [(Operation.UPLOAD, Cause.TRANSFER), (Operation.DISPATCH, Cause.DISPATCH)],
)
def test_operations_are_what_they_are(operation: Operation, expected: Cause) -> None:
    own = measured("a", "f32", 1e-3)
    row = Row(
        0,
        own,
        A,
        structs.replace(variant("f32"), operation=operation),
        summarise(own.samples),
        None,
        False,
        0.0,
        1e9,
    )
    found = reason(row, CEILINGS)
    assert found
    assert found.cause is expected


def test_advice_says_what_could_help_the_best_one() -> None:
    own = structs.replace(measured("a", "f32", 8e-3), case=made(8e-3).measurement.case)
    found = advise(rows(structs.replace(session(own), ceilings={"a": CEILINGS}), workloads()))
    (held,) = [one.text for one in found if one.kind is AdviceKind.REASON]
    assert held.startswith("matvec on A at 4096: f32 is held back by memory: 8.3")
    assert held.endswith("fewer bits a weight would make it faster, fewer instructions would not")


def test_nothing_is_said_of_a_row_without_figures() -> None:
    failed = structs.replace(measured("a", "f32", 1.0), status=Status.FAILED)
    assert rows(session(failed), workloads())[0].reason is None


PROBES = (
    ("fma", "f32-relaxed", 1 << 14),
    *(("reduce", "f32-simd", size) for size in (16 * MIB, MIB // 4)),
)


def test_real_kernels_that_do_one_thing_are_bound_by_it(
    supervisor: Supervisor, targets: list[Target]
) -> None:
    """The probes of wasmtime under the ceilings that they set themselves; their machine code is kept too."""
    target = next(one for one in targets if one.engine == "wasmtime")
    cases = []
    for workload, name, size in PROBES:
        shape = Shape(size)
        parameters = find(workload, name, Runtime.WASM).defaults(target, shape)
        cases.append(Case(target.id, workload, name, shape, parameters))
    found, _ = take_session(supervisor, targets, Plan(tuple(cases), settings=Settings(seconds=0.05)))
    # The fastest sample is what ceilings rest on: others tell of whatever else runs here.
    best = tuple(structs.replace(m, samples=(min(m.samples),) * len(m.samples)) for m in found.measurements)
    quiet = structs.replace(found, measurements=best)
    own = derive(rows(quiet, workloads()))
    own = structs.replace(own, read=own.curve[-1].rate)
    arithmetic, memory, _ = rows(structs.replace(quiet, ceilings={target.id: own}), workloads())
    assert cause(arithmetic) is Cause.ARITHMETIC
    assert cause(memory) is Cause.MEMORY
    code = arithmetic.measurement.code
    if code is not None:  # capstone is an extra
        assert code.loop > 0
        assert code.compiler.startswith("wasmtime ")
        assert code.counts["useful"] > code.counts["memory"]
