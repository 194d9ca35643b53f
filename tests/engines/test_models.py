"""Models made of operators: right as a whole and one by one, and wrong where one is broken."""

from collections.abc import Callable

import numpy as np
import pytest
from jinja2 import Environment
from msgspec import structs

from app.catalog import render
from app.catalog.declarations import Templates
from app.catalog.index import find, variants
from app.catalog.models import recipes
from app.catalog.models.compose import as_the_models, operators_at, picked
from app.catalog.programs import build
from app.core.measurement import Measurement, Status
from app.core.plan import Case, Plan, Settings
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.target import Runtime, Target
from app.core.variant import Variant, why_not
from app.worker.supervisor import Supervisor
from app.workloads import workloads
from tests.conftest import take_session

ENCODER, LAYER = workloads()["encoder"], workloads()["decoder-layer"]
QUICK = Settings(seconds=1e-9, batch_seconds=1e-6)
WGSL = {
    "encoder": (("f32", 0), ("i8-dot4+channels", 0), ("q4f16_1-dot4", 0)),
    "decoder-layer": (("f32", 0), ("f32", 1), ("f16-storage", 0), ("i8-dot4+blocks", 1)),
}
"""Recipes and which odd shape: every kind of activation; other formats differ in weights alone."""


def case(target: Target, variant: Variant, shape: Shape) -> Case:
    """One with the smallest tiles there are: software adapters compile large ones for seconds."""
    parameters = variant.defaults(target, shape)
    for pick in picked(variant).values():
        least = {p.name: p.choices[0] for p in pick.variant.parameters if p.choices and "tile" in p.name}
        parameters |= as_the_models(pick.variant, least)
    return Case(target.id, variant.workload, variant.name, shape, parameters)


def measured(supervisor: Supervisor, targets: list[Target], cases: list[Case]) -> list[Measurement]:
    session, _ = take_session(supervisor, targets, Plan(tuple(cases), settings=QUICK))
    return list(session.measurements)


@pytest.mark.parametrize("workload", WGSL)
def test_every_kind_of_recipe_is_right_at_crooked_sizes(
    workload: str, supervisor: Supervisor, gpus: list[Target], targets: list[Target]
) -> None:
    own = [(find(workload, name, Runtime.WGSL), i) for name, i in WGSL[workload]]
    shapes = workloads()[workload].odd
    cases = [case(gpus[0], variant, shapes[i]) for variant, i in own if not why_not(variant, gpus[0])]
    found = measured(supervisor, targets, cases)
    assert len(found) == len(cases) >= len(shapes)
    for one in found:
        assert one.status is Status.OK, f"{one.case}: {one.reason}"
        assert one.error is not None
        assert one.error.acceptable
        exact = find(workload, one.case.variant, Runtime.WGSL).storage == "f32"
        assert (one.error.relative_l2 or 1) < (1e-6 if exact else 0.4)
        titles = {part.step: (part.workload, part.variant) for part in one.parts}
        assert titles["attention"][0].startswith("attention-"), titles
        assert all(titles[name][0] for name in ("norm", "query", "down"))


def test_one_wasm_module_of_many_texts_is_right(supervisor: Supervisor, targets: list[Target]) -> None:
    own = [v for v in variants() if (v.workload, v.runtime) == ("encoder", Runtime.WASM)]
    on, other = (next(t for t in targets if t.engine == engine) for engine in ("wasmtime", "v8"))
    cases = [case(on, v, ENCODER.odd[0]) for v in own if not why_not(v, on)]
    cases += [case(other, v, ENCODER.odd[0]) for v in own[-1:] if not why_not(v, other)]
    found = measured(supervisor, targets, cases)
    assert [(one.case.variant, one.reason) for one in found if one.status is not Status.OK] == []
    assert len(found) >= len(own)
    assert all((one.error.relative_l2 or 1) < 0.03 for one in found if one.error)
    assert {part.step for part in found[0].parts} >= {"words", "attention", "down", "pool"}


BROKEN = {
    "an operator": ("layernorm/layernorm.wgsl", "inverseSqrt(", "1.01 * inverseSqrt(", "f32"),
    "a place": ("glue/places.wgsl", "x[at] +", "x[at] -", "i8-dot4+channels"),
    "an ending": ("glue/ending.wgsl", "(z)", "(z * 1.001)", "i8-dot4+channels"),
    "codes": ("glue/quantise_rows.wgsl", "vec4<i32>(round(", "vec4<i32>(trunc(", "i8-dot4+channels"),
    "halves": ("glue/convert.wgsl", "pack2x16float(", "pack2x16float(1.002 * ", "f16"),
    "a mean": ("glue/pool.wgsl", "row = first;", "row = first + 1u;", "f32"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_kernel_of_a_model_is_a_wrong_result(
    name: str, monkeypatch: pytest.MonkeyPatch, gpus: list[Target]
) -> None:
    """Whatever rounding does to the whole: each operator is held to what it read."""
    from app.engines import load
    from app.measure.prepare import Refused, prepare

    file, right, wrong, variant = BROKEN[name]
    unbroken = Templates.get_source

    def broken(self: Templates, environment: Environment, name: str) -> tuple[str, str, Callable[[], bool]]:
        text, *rest = unbroken(self, environment, name)
        if name == file:
            assert right in text
            text = text.replace(right, wrong)
        return (text, *rest)

    monkeypatch.setattr(Templates, "get_source", broken)
    monkeypatch.setattr(render, "_environment", render._environment.__wrapped__)
    engine = load("webgpu")
    target = next(one for one in engine.targets() if one.id == gpus[0].id)
    own = case(gpus[0], find("encoder", variant, Runtime.WGSL), ENCODER.odd[0])
    with pytest.raises(Refused) as refused:
        prepare(engine.open(target), gpus[0], own, 1)
    assert refused.value.status is Status.WRONG, refused.value


def test_a_new_variant_of_an_operator_is_picked_by_itself() -> None:
    recipe = find("encoder", "f16", Runtime.WGSL)
    known = [v for v in variants() if v.checked]
    assert "there is no f16 one" in recipes.picks(recipe, known)["layernorm"].note
    norm = structs.replace(
        find("layernorm", "f32", Runtime.WGSL), name="f16-new", storage="f16", compute="f16"
    )
    pick = recipes.picks(recipe, [*known, norm])["layernorm"]
    assert (pick.variant.name, pick.note) == ("f16-new", "")


def test_where_a_recipe_falls_back_or_converts_its_text_says_so() -> None:
    variant = find("encoder", "f16", Runtime.WGSL)
    shape = ENCODER.odd[0]
    parameters = {p.name: p.cpu for p in variant.parameters}
    program = build(variant, tuple(map(sketch, ENCODER.operand_shapes(shape))), parameters)
    head = program.source.split("\n\n")[0]
    assert "layernorm: f32, there is no f16 one that chains" in head
    assert "its activations are converted to 16 bits, in steps of their own" in head
    assert {v.workload for v, _ in operators_at(variant, shape)} == {
        "gather",
        "linear",
        "attention-encoder",
        "layernorm",
    }


def test_a_layer_with_a_cache_is_the_last_row_of_its_prompt() -> None:
    """In float64: what decoding adds to a token is what prefill adds to it behind the same ones."""
    prompt, word = Shape(21, 21, *LAYER.odd[0].sizes[2:]), Shape(1, 21, *LAYER.odd[0].sizes[2:])
    x, turns, *rest = LAYER.inputs(prompt, 3)
    whole = LAYER.reference((x, turns, *rest))
    weights, which = rest[:-1], rest[-1]
    gain, _, key, value = weights[:4]
    normed = x / np.sqrt(np.mean(x * x, axis=1, keepdims=True) + 1e-5) * gain
    shape = (21, *LAYER.operand_shapes(word)[2][1:])
    half = shape[2] // 2
    keys = (normed @ key).reshape(shape)
    c, s = turns[:, None, :half], turns[:, None, half:]
    a, b = keys[..., :half], keys[..., half:]
    turned = np.concatenate([a * c - b * s, b * c + a * s], axis=2)
    values = (normed @ value).reshape(shape)
    caches = [np.concatenate([one[:-1], np.ones_like(one[-1:])]) for one in (turned, values)]
    alone = LAYER.reference((x[-1:], turns[-1:], *caches, *weights, which))
    off = np.linalg.norm(alone[0] - whole[-1]) / np.linalg.norm(whole[-1])
    assert off < 1e-5


def test_tokens_a_second_are_derived_from_a_layer_and_say_how() -> None:
    assert LAYER.model is not None
    said = LAYER.model.derived(LAYER.shape("llama-3.2-1b:1x128"), 0.01)
    assert said.startswith(
        "derived, not measured: 4.92 tokens/s = 1 / (10.0 ms × (16 layers + 4.3 for the logits))"
    )
    assert said.endswith("context 128")
    assert LAYER.model.derived(LAYER.shape("llama-3.2-1b:128x128"), 0.01) == ""
    assert LAYER.model.derived(LAYER.shape("tiny:1x37"), 0.01) == ""
