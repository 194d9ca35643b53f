"""A run added to a session: places, pairs, and what stays."""

from msgspec import structs

from app.core.edit import Edit
from app.core.measurement import Measurement, Status
from app.core.merge import joined, merge, takes_more
from app.core.plan import Case, Plan
from app.core.rows import rows
from app.core.session import KernelText, Session
from app.core.target import Runtime
from app.workloads import workloads
from tests.gui.made import BARE, FULL, SHAPES, samples, session

EDIT = Edit(workload="matvec", runtime=Runtime.WGSL, name="f32+mine", like="f32", text="fn main() {}")


def added(names: tuple[str, ...] = ("f32", "f32+mine"), slow: float = 1.0, count: int = 12) -> Session:
    """A run of these variants at one shape on one target, ``slow`` times slower than the first."""
    before = session()
    cases = tuple(Case("full", "matvec", name, SHAPES[1]) for name in names)
    mine = structs.replace(before.variants[0], name="f32+mine")
    measured = (Measurement(c, Status.OK, samples=samples(slow * 1e-3, count), kernel="k") for c in cases)
    return structs.replace(
        before,
        targets=(FULL,),
        variants=(*before.variants, mine),
        plan=Plan(cases, edits=(EDIT,)),
        kernels={"k": KernelText("wgsl", "new")},
        measurements=tuple(measured),
    )


def test_new_cases_stand_in_their_group_and_known_ones_are_replaced() -> None:
    before, after = session(), added()
    plan = joined(before, after.plan)
    whole = merge(before, after, plan)
    assert len(plan.cases) == len(before.plan.cases) + 1
    assert len(plan.groups()) == len(before.plan.groups())
    assert [m.case for m in whole.measurements] == list(plan.cases)
    assert {m.case.variant for m in whole.measurements if m.run} == {"f32", "f32+mine"}
    assert [t.id for t in whole.targets] == ["full", "bare"]
    assert plan.edits == (EDIT,)
    again = merge(whole, added(slow=2.0), joined(whole, after.plan))
    assert len(again.measurements) == len(whole.measurements)
    assert {m.run for m in again.measurements} == {0, 2}


def test_while_it_runs_old_results_stay_until_new_ones_come() -> None:
    before, after = session(), added()
    plan = joined(before, after.plan)
    begun = merge(before, structs.replace(after, measurements=()), plan)
    assert len(begun.measurements) == len(plan.cases)
    waiting = next(m for m in begun.measurements if m.case.variant == "f32+mine")
    assert (waiting.status, waiting.reason) == (Status.CANCELLED, "")
    assert [m for m in begun.measurements if m is not waiting] == list(before.measurements)


def test_what_is_stopped_takes_no_result_away() -> None:
    before, after = session(), added()
    stopped = (structs.replace(m, status=Status.CANCELLED, reason="stopped") for m in after.measurements)
    whole = merge(before, structs.replace(after, measurements=tuple(stopped)), joined(before, after.plan))
    own = next(m for m in whole.measurements if m.case.variant == "f32+mine")
    assert own.reason == "stopped"
    assert [m for m in whole.measurements if m is not own] == list(before.measurements)


def test_a_text_that_changed_leaves_no_results_of_the_old_one() -> None:
    elsewhere = Case("full", "matvec", "f32+mine", SHAPES[0])
    whole = merge(session(), added(), joined(session(), added().plan))
    old = Measurement(elsewhere, Status.OK, samples=samples(1e-3))
    plan = structs.replace(whole.plan, cases=(elsewhere, *whole.plan.cases))
    whole = structs.replace(whole, plan=plan, measurements=(old, *whole.measurements))
    after = added()
    after = structs.replace(
        after, plan=Plan(after.plan.cases, edits=(structs.replace(EDIT, text="fn b() {}"),))
    )
    plan = joined(whole, after.plan)
    begun = merge(whole, structs.replace(after, measurements=()), plan)
    assert elsewhere not in plan.cases
    assert not [m for m in begun.measurements if m.case.variant == "f32+mine" and m.samples]
    same = joined(whole, added().plan)
    assert elsewhere in same.cases


def test_only_samples_of_one_run_are_paired() -> None:
    """Rounds of two runs did not meet the same machine: their interval comes from the two sides apart."""
    before = session(targets=(FULL,))
    whole = merge(before, added(), joined(before, added().plan))
    found = {r.variant.name: r for r in rows(whole, workloads()) if r.measurement.case.shape == SHAPES[1]}
    paired, apart = found["f32+mine"].speedup, found["u8"].speedup
    assert (paired.low, paired.high) == (1.0, 1.0)
    assert apart.high / apart.low > 1.001


def test_a_session_of_another_machine_and_a_sweep_take_nothing() -> None:
    one = session()
    assert takes_more(one, one.host, (BARE, FULL))
    assert not takes_more(one, structs.replace(one.host, cores=64), (BARE, FULL))
    assert not takes_more(one, one.host, (BARE, structs.replace(FULL, driver="Mesa 2")))
    twice = structs.replace(one.plan.cases[0], parameters={"unroll": 2})
    sweep = structs.replace(one, plan=structs.replace(one.plan, cases=(*one.plan.cases, twice)))
    assert not takes_more(sweep, one.host, (BARE, FULL))
