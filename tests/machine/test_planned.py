"""From a request to the plan that runs: what was tuned is taken, except where it must not be."""

from pathlib import Path

import pytest
from msgspec import structs

from app.catalog.choice import Choice
from app.catalog.index import find
from app.catalog.request import Request
from app.core.edit import Edit
from app.core.plan import Case
from app.core.shape import Shape
from app.core.target import Runtime
from app.core.tuning import Tuning
from app.core.variant import fixed
from app.figures.statistics import Ratio
from app.machine.planned import planned
from app.machine.store import Store
from tests.gui.made import FULL, NATIVE

SHAPE = Shape(512, 512)
F32, F16 = (find("matvec", name, Runtime.WGSL) for name in ("f32", "f16"))
WHERE = Choice(target=("full",), variant=("wgsl/f32", "wgsl/f16"), sizes=("512",))
ASKED = {
    "written": Request(choices=(WHERE,)),
    "ticked": Request(targets=("full",), variants=(F32, F16), shapes=(SHAPE,)),
}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """It knows the best parameters of f32 and f16, and both differ from the defaults."""
    store = Store({"webgpu": {"wgpu": "1.0"}}, tmp_path / "profile")
    for variant in (F32, F16):
        store.keep_tuning(
            FULL,
            Tuning(
                workload="matvec",
                variant=variant.name,
                runtime="wgsl",
                shape=SHAPE,
                parameters=other(variant.name),
                defaults=variant.defaults(FULL),
                seconds=1e-3,
                default_seconds=2e-3,
                speedup=Ratio(2.0, 1.9, 2.1),
                tried=2,
                stop="all were tried",
                date="2026-02-03T04:05:06Z",
            ),
        )
    return store


def other(name: str) -> dict[str, int | str]:
    variant = find("matvec", name, Runtime.WGSL)
    return {
        p.name: next((value for value in p.choices if value != default), default)
        for p, default in zip(variant.parameters, variant.defaults(FULL).values(), strict=True)
    }


def cases(request: Request, store: Store) -> dict[str, Case]:
    return {case.variant: case for case in planned(request, (FULL, NATIVE), store).cases}


@pytest.mark.parametrize("asked", ASKED)
def test_what_was_tuned_is_taken_however_it_was_asked_for(asked: str, store: Store) -> None:
    found = cases(ASKED[asked], store)
    assert found.keys() == {"f32", "f16"}
    assert {name: case.parameters for name, case in found.items()} == {
        "f32": other("f32"),
        "f16": other("f16"),
    }
    assert {case.tuned for case in found.values()} == {"2026-02-03"}


@pytest.mark.parametrize("asked", ASKED)
def test_defaults_are_the_catalogues(asked: str, store: Store) -> None:
    found = cases(structs.replace(ASKED[asked], defaults=True), store)
    assert found["f32"].parameters == F32.defaults(FULL) != other("f32")
    assert {case.tuned for case in found.values()} == {""}


def test_an_edit_and_its_original_keep_the_parameters_of_its_text(store: Store) -> None:
    parameters = F16.defaults(FULL)
    edit = Edit(
        workload="matvec", runtime=Runtime.WGSL, name="mine", like="f16", text="…", parameters=parameters
    )
    request = Request(choices=(structs.replace(WHERE, variant=()),), edits=(edit,))
    found = cases(request, store)
    assert found["mine"].parameters == found["f16"].parameters == parameters
    assert found["f32"].parameters == other("f32")


def test_what_is_added_keeps_what_it_has_and_its_base_line_is_tuned(store: Store) -> None:
    again = fixed(F16, F16.defaults(FULL))
    request = Request(targets=("full",), variants=(again,), shapes=(SHAPE,), added=("f16",))
    found = cases(request, store)
    assert found["f16"].parameters == F16.defaults(FULL)
    assert found["f32"].parameters == other("f32")


def test_a_base_line_of_another_target_runs_where_nobody_ticked_it(store: Store) -> None:
    request = structs.replace(ASKED["ticked"], baseline="numpy/f32")
    targets = {case.target for case in planned(request, (FULL, NATIVE), store).cases}
    assert targets == {"full", "numpy"}
