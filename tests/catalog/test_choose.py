"""From names to plans: lists of every kind of name, shapes by size and preset, and a text of one's own."""

import pytest

from app.catalog.choice import Choice
from app.catalog.choose import candidates, choose, choose_shapes, choose_variants, choose_workloads
from app.catalog.index import find
from app.core.baseline import check_baseline
from app.core.edit import Edit
from app.core.errors import KernelscopeError
from app.core.plan import Settings
from app.core.shape import Shape
from app.core.target import Runtime
from app.workloads import workloads
from tests.catalog.test_named_plans import HERE

MATVEC, MATMUL = workloads()["matvec"], workloads()["matmul"]
MINE = Edit(
    workload="matvec",
    runtime=Runtime.WGSL,
    name="f32+mine",
    like="f32",
    text="// mine",
    parameters=find("matvec", "f32", Runtime.WGSL).defaults(HERE[0]),
)
ONE = Choice(target=("gpu",), variant=("f16",), sizes=("64",))


def names(*words: str) -> list[str]:
    return [variant.name for variant in choose_variants([MATVEC], words) if variant.runtime is Runtime.WGSL]


def test_unchecked_variants_are_chosen_beside_others() -> None:
    assert names("f32") == ["f32"]
    assert names("f32,f32+unchecked") == ["f32", "f32+unchecked"]
    assert names("f32", "u8+unchecked") == ["f32", "u8+unchecked"]
    assert not [name for name in names() if "unchecked" in name]
    with pytest.raises(KernelscopeError, match="no variant matches 'f99'"):
        names("f32", "f99")


def test_a_variant_is_named_with_its_runtime_too() -> None:
    (one,) = choose_variants([MATVEC], ["wasm/f32-simd"])
    assert (one.name, one.runtime) == ("f32-simd", Runtime.WASM)


def test_sizes_and_presets_are_shapes_in_order() -> None:
    assert choose_shapes(MATVEC, ()) == MATVEC.default_shapes
    assert choose_shapes(MATVEC, ("gemma-2b-layer,64", "32x16")) == (
        Shape(32, 16),
        Shape(64, 64),
        Shape(32768, 2048),
    )
    # The feed-forward part of Gemma 2B: 2048 wide, twice 16,384 times as deep.
    assert MATVEC.presets == {
        "gemma-2b-layer": Shape(32768, 2048),
        "gemma-2b-layer-eighth": Shape(32768 // 8, 2048),
    }
    assert MATMUL.presets == {"gemma-2b-prompt": Shape(128, 2048, 2048)}
    with pytest.raises(KernelscopeError, match="size '7x'"):
        choose_shapes(MATVEC, ("7x",))


@pytest.mark.parametrize("baseline", ["f32", "f32+mine", "gpu/f32+mine"])
def test_a_text_of_ones_own_and_its_original_are_base_lines_like_others(baseline: str) -> None:
    known = candidates([ONE], [MINE])
    assert known[-1].name == "f32+mine"
    check_baseline(HERE, known, baseline)
    plan = choose([ONE], HERE, baseline, Settings(), [MINE])
    assert [case.variant for case in plan.cases] == ["f16", "f32", "f32+mine"]
    assert (plan.baseline, plan.edits) == (baseline, (MINE,))


def test_without_a_text_of_ones_own_there_is_none_to_name() -> None:
    with pytest.raises(KernelscopeError):
        check_baseline(HERE, candidates([ONE]), "f32+mine")


def test_of_no_workload_there_are_no_candidates() -> None:
    with pytest.raises(KernelscopeError, match="no workload matches 'matvecs'"):
        candidates([Choice(workload=("matvecs",))])
    assert {v.workload for v in candidates([ONE, Choice(workload=("copy",))])} == {"matvec", "copy"}
    assert choose_workloads(("copy,matvec",)) == [workloads()[name] for name in ("copy", "matvec")]


def test_a_plan_for_nothing_is_refused() -> None:
    with pytest.raises(KernelscopeError, match="none of the chosen targets runs any"):
        choose([Choice(target=("numpy",), variant=("wgsl/f16",))], HERE, "f32", Settings())
