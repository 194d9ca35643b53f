"""A run added to a session: places, pairs, and what stays."""

import msgspec
import pytest
from msgspec import structs

from app.core.ceilings import Ceilings
from app.core.edit import Edit
from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan
from app.core.session import KernelText, Session
from app.core.target import Runtime
from app.findings.merge import joined, merge, takes_more
from app.findings.rerun import plan_here
from app.findings.rows import rows
from app.storage.check import problem
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


def figures(session: Session) -> dict[str, bytes]:
    """All that rows say of each case, but for their place in the table."""
    found = rows(session, workloads())
    return {str(r.measurement.case): msgspec.json.encode(structs.replace(r, index=0)) for r in found}


def grown(before: Session, after: Session, *asked: str) -> Session:
    """``before`` with ``after`` added, once it is seen that the old rows are as they were."""
    whole = merge(before, after, joined(before, after.plan, asked), asked)
    old, new = figures(before), figures(whole)
    assert {case: new[case] for case in old} == old
    assert [m.case for m in whole.measurements] == list(whole.plan.cases)
    assert problem(whole) == ""
    return whole


def test_new_cases_stand_in_their_group_over_the_base_line_of_their_own_run() -> None:
    before, after = session(), added(slow=3.0)
    whole = grown(before, after, "f32+mine")
    assert len(whole.plan.cases) == len(before.plan.cases) + 1
    assert len(whole.plan.groups()) == len(before.plan.groups())
    assert [(m.case.variant, m.run) for m in whole.measurements if m.run] == [("f32+mine", 1)]
    assert [(m.case.variant, m.run, m.samples[0]) for m in whole.bases] == [("f32", 1, 3e-3)]
    assert [t.id for t in whole.targets] == ["full", "bare"]
    assert whole.plan.edits == (EDIT,)
    own = next(r for r in rows(whole, workloads()) if r.variant.name == "f32+mine")
    assert (own.speedup.value, own.speedup.low, own.speedup.high) == (1.0, 1.0, 1.0), "in pairs"


def test_the_same_case_again_is_a_row_of_its_own() -> None:
    """Of a kernel, of a text of the user's own and of the baseline itself."""
    whole = grown(session(), added(), "f32+mine")
    whole = grown(whole, added(slow=2.0), "f32+mine")
    whole = grown(whole, added(("f32",), slow=4.0), "f32")
    whole = grown(whole, added(("f32", "u8"), slow=5.0), "u8")
    whole = grown(whole, added(("f32", "u8"), slow=6.0), "u8")
    there = [r for r in rows(whole, workloads()) if r.measurement.run]
    assert [(r.name, r.measurement.run, r.is_baseline, r.speedup.value) for r in there] == [
        ("f32+mine", 1, False, 1.0),
        ("f32+mine, again 1", 2, False, 1.0),
        ("f32, again 1", 3, True, 1.0),
        ("u8, again 1", 4, False, 1.0),
        ("u8, again 2", 5, False, 1.0),
    ]
    assert [m.run for m in whole.bases] == [1, 2, 4, 5]
    assert takes_more(whole, whole.host, (FULL, BARE))
    once, left_out = plan_here(whole, (FULL, BARE), whole.variants, run_edited=True)
    assert not any(case.again for case in once.cases)
    assert len(once.cases) == len(session().plan.cases) + 1 - sum(left_out.values())


def test_a_case_without_a_result_gets_its_own() -> None:
    def spoil(m: Measurement) -> Measurement:
        stopped = m.case.variant == "u8" and m.case.shape == SHAPES[1]
        return Measurement(m.case, Status.CANCELLED, "stopped by the user") if stopped else m

    before = session(spoil=spoil)
    after = added(("f32", "u8"))
    whole = merge(before, after, joined(before, after.plan, ["u8"]), ["u8"])
    assert len(whole.plan.cases) == len(before.plan.cases)
    (row,) = [r for r in rows(whole, workloads()) if r.measurement.run]
    assert (row.name, row.ok, row.speedup.value) == ("u8", True, 1.0)


def test_no_row_meets_a_base_line_that_came_after_it() -> None:
    """Where a group has none, the baseline of a run that is added is that of its own rows alone."""
    plan = structs.replace(session().plan, baseline="f32+mine")
    before = structs.replace(session(), plan=plan, variants=added().variants)
    whole = grown(before, added(), "f32+mine")
    assert {r.variant.name for r in rows(whole, workloads()) if r.speedup} == {"f32+mine"}


def test_what_rows_are_derived_from_stays() -> None:
    """Ceilings that were measured since, and a variant that is told otherwise now, are of new rows alone."""
    slow, fast = (Ceilings(date="2026-01-01T00:00:00Z", read=rate) for rate in (1e9, 9e9))
    told = structs.replace(session().variants[0], summary="as it is told now")
    after = structs.replace(added(), ceilings={"full": fast}, variants=(told, *added().variants[1:]))
    assert grown(session(), after, "f32+mine").ceilings == {}
    known = structs.replace(session(), ceilings={"full": slow})
    assert grown(known, after, "f32+mine").ceilings == {"full": slow}


def test_rows_over_a_text_that_changed_stay_over_it() -> None:
    """The old text is the baseline of what ran beside it, the new one of nothing but its own run."""
    whole = grown(session(), added(), "f32+mine")
    whole = structs.replace(
        whole,
        plan=structs.replace(whole.plan, baseline="f32+mine"),
        measurements=tuple(structs.replace(m, run=0) for m in whole.measurements),
        bases=(),
    )
    assert sum(row.speedup is not None for row in rows(whole, workloads())) > 1
    whole = grown(whole, added(("f32+mine", "u8-dot4")), "u8-dot4")
    new = structs.replace(EDIT, text="fn b() {}")
    after = structs.replace(added(slow=7.0), plan=Plan(added().plan.cases, edits=(new,)))
    old = figures(whole)
    changed = merge(whole, after, joined(whole, after.plan, ["f32+mine"]), ["f32+mine"])
    new_figures = figures(changed)
    gone = [case for case in old if "f32+mine" in case]
    assert len(gone) == 1
    assert {case: new_figures[case] for case in old if case not in gone} == {
        case: row for case, row in old.items() if case not in gone
    }
    (row,) = [r for r in rows(changed, workloads()) if r.variant.name == "f32+mine"]
    assert row.summary.median > 6e-3
    assert problem(changed) == ""


def test_base_lines_that_no_row_needs_any_more_are_dropped() -> None:
    whole = grown(session(), added(), "f32+mine")
    new = structs.replace(EDIT, text="fn b() {}")
    after = structs.replace(added(), plan=Plan(added().plan.cases, edits=(new,)))
    changed = merge(whole, after, joined(whole, after.plan, ["f32+mine"]), ["f32+mine"])
    assert [m.run for m in changed.bases] == [2]


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
    """Where a run that was added has no baseline of its own, the one before has to do: unpaired."""
    before = session(targets=(FULL,))
    after = added()
    stopped = structs.replace(after.measurements[0], status=Status.CANCELLED)
    whole = grown(before, structs.replace(after, measurements=(stopped, after.measurements[1])), "f32+mine")
    found = {r.variant.name: r for r in rows(whole, workloads()) if r.measurement.case.shape == SHAPES[1]}
    apart, paired = found["f32+mine"].speedup, found["u8"].speedup
    assert paired.high == pytest.approx(paired.low)
    assert apart.high / apart.low > 1.001


def test_a_session_of_another_machine_and_a_sweep_take_nothing() -> None:
    one = session()
    assert takes_more(one, one.host, (BARE, FULL))
    assert not takes_more(one, structs.replace(one.host, cores=64), (BARE, FULL))
    assert not takes_more(one, one.host, (BARE, structs.replace(FULL, driver="Mesa 2")))
    twice = structs.replace(one.plan.cases[0], parameters={"unroll": 2})
    sweep = structs.replace(one, plan=structs.replace(one.plan, cases=(*one.plan.cases, twice)))
    assert not takes_more(sweep, one.host, (BARE, FULL))
