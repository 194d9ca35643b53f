"""Named plans: what they are made of, and what a user's own choices do to them."""

import pytest
from msgspec import structs

from app.catalog.choose import choose
from app.catalog.index import variants
from app.catalog.named_plans import NAMED_PLANS, named_plan, narrowed
from app.core.errors import KernelscopeError
from app.core.plan import Plan, Settings
from app.core.shape import Shape
from app.core.target import Feature, FeatureState, Runtime, Target


def target(id: str, engine: str, runtime: Runtime) -> Target:
    return Target(id, id, engine, runtime, id, "", "", "GPU")


HERE = (
    target("gpu", "webgpu", Runtime.WGSL),
    target("wasmtime", "wasmtime", Runtime.WASM),
    target("v8", "v8", Runtime.WASM),
    target("numpy", "native", Runtime.NUMPY),
)


def make(name: str) -> Plan:
    plan = named_plan(name)
    return choose(plan.choices, HERE, plan.baseline, Settings())


@pytest.mark.parametrize("name", [plan.name for plan in NAMED_PLANS])
def test_every_plan_makes_cases_whose_variants_there_are(name: str) -> None:
    cases = make(name).cases
    known = {(variant.workload, variant.name) for variant in variants()}
    assert {(case.workload, case.variant) for case in cases} <= known
    assert len({str(case) for case in cases}) == len(cases)


def test_the_crossover_runs_the_same_sizes_on_both_sides() -> None:
    cases = make("crossover").cases
    sizes: dict[tuple[str, str], set[Shape]] = {}
    for case in cases:
        sizes.setdefault((case.workload, case.target), set()).add(case.shape)
    for workload in ("matvec", "matmul"):
        assert sizes[workload, "gpu"] == sizes[workload, "wasmtime"] == sizes[workload, "v8"]
    assert not any(case.target == "numpy" for case in cases)


PLAIN = {"quick": 5, "chart1": 3, "crossover": 6}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("kind", ["CPU", "DiscreteGPU"])
@pytest.mark.parametrize("subgroups", list(FeatureState)[:3])
def test_a_gpu_gets_what_fills_it_beside_the_plain_kernels(
    name: str, kind: str, subgroups: FeatureState
) -> None:
    plan = named_plan(name)
    gpu = structs.replace(HERE[0], kind=kind, features=(Feature("subgroups", subgroups),))
    made = choose(plan.choices, (gpu, *HERE[1:]), plan.baseline, Settings())
    assert len([case.group for case in made.cases]) == len(set(map(str, made.cases)))
    assert len(made.groups()) == len({case.group for case in made.cases})
    names = {case.variant for case in made.cases if case.target == "gpu"}
    added = {one for one in names if "+" in one}
    largest = max(case.shape for case in made.cases if case.workload == "matvec")
    if kind == "CPU":
        assert (len(names), added, largest.rows) == (PLAIN[name], set(), 4096)
    else:
        assert (len(names), len(added), largest.rows) == (2 * PLAIN[name], PLAIN[name], 8192)
        rowwise = {one for one in added if "rowwise" in one}
        assert rowwise
        assert all(one.endswith("+subgroup") == subgroups.usable for one in rowwise)


def test_names_of_ones_own_take_away_what_a_plan_adds_for_gpus() -> None:
    made = narrowed(named_plan("quick"), variant=("f32",), sizes=("64",))
    cases = choose(made, HERE[:1], "f32", Settings()).cases
    assert [(case.variant, case.shape) for case in cases] == [("f32", Shape(64, 64))]


def test_the_threads_plan_goes_from_one_to_every_core() -> None:
    cases = [case for case in make("threads").cases if case.target == "wasmtime"]
    (parameter,) = {
        p
        for v in variants()
        for p in v.parameters
        if p.name == "threads" and v.workload == "matmul" and "memory64" not in v.name
    }
    first = [case for case in cases if case.group == cases[0].group]
    assert [case.parameters["threads"] for case in first] == list(parameter.choices)
    assert [case.swept for case in first] == [{"threads": n} for n in parameter.choices]
    assert {case.workload for case in cases} == {"matmul", "matvec"}


def test_what_a_user_names_takes_the_place_of_the_plans_own() -> None:
    plan = named_plan("crossover")
    only = narrowed(plan, workload=("matmul",), target=("gpu",), sizes=("8", "16"))
    assert only == (structs.replace(plan.choices[1], target=("gpu",), sizes=("8", "16"), larger=()),)
    assert narrowed(plan) == plan.choices
    (alone,) = narrowed(named_plan("quick"), workload=("matmul",))
    assert alone.workload == ("matmul",)


@pytest.mark.parametrize(
    ("name", "workload", "words"),
    [
        ("fast", (), "no plan matches 'fast'; there are: quick, "),
        ("threads", ("copy",), "there are: matmul, matvec"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    name: str, workload: tuple[str, ...], words: str
) -> None:
    with pytest.raises(KernelscopeError) as refused:
        narrowed(named_plan(name), workload)
    assert words in str(refused.value)


def test_peers_run_beside_kernels_where_they_are_there() -> None:
    plan = named_plan("peers")
    ort = target("onnxruntime", "onnxruntime", Runtime.ONNX)
    with_one, without = (
        choose(plan.choices, here, plan.baseline, Settings()).cases for here in ((*HERE, ort), HERE)
    )
    assert {case.target for case in without} == {"gpu", "wasmtime", "v8", "numpy"}
    assert [case for case in with_one if case.target != "onnxruntime"] == list(without)
    assert len({case.workload for case in with_one if case.target == "onnxruntime"}) == len(plan.choices)
    (only,) = {
        case.target
        for case in choose(narrowed(plan, ("matmul",), ("v8",)), (*HERE, ort), "f32", Settings()).cases
    }
    assert only == "v8"


def test_a_plan_needs_its_targets() -> None:
    plan = named_plan("crossover")
    with pytest.raises(KernelscopeError, match="no target matches 'wgsl'; there are: wasmtime, v8, numpy"):
        choose(plan.choices, HERE[1:], plan.baseline, Settings())
