"""Advice from made-up sessions: right where it speaks, silent where the intervals are."""

import re

import msgspec
import numpy as np
import pytest

from app.core.ceilings import Ceilings, Link
from app.core.measurement import Error, Measurement, Status
from app.core.plan import Case
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import LANGUAGE, Feature, FeatureState, Runtime
from app.findings.advice import Advice, AdviceKind, advise
from app.findings.rows import rows
from app.workloads import workloads
from tests.findings.test_rows import session, variant
from tests.findings.test_rows import target as make_target

DOT = Feature("packed_4x8_integer_dot_product", FeatureState.SUPPORTED, group=LANGUAGE)
GPU, WASM = make_target("gpu", Runtime.WGSL, DOT), make_target("wasm", Runtime.WASM)
RANDOM = np.random.default_rng(1)


def taken(
    where: str, what: str, size: int | Shape, seconds: float, error: float = 1e-7, noise: float = 0.005
) -> Measurement:
    shape = size if isinstance(size, Shape) else Shape(size, size)
    samples = tuple((seconds * RANDOM.lognormal(0, noise, 25)).tolist())
    quality = Error(error, error, 1e-7, 1e-7, 1e-5)
    return Measurement(Case(where, "matvec", what, shape), Status.OK, samples=samples, error=quality)


def advice(*measurements: Measurement) -> list[Advice]:
    own = variant("dot", requires=("packed_4x8_integer_dot_product",))
    known = (
        variant("f32"),
        own,
        variant("staged"),
        variant("f32", Runtime.WASM),
        variant("simd", Runtime.WASM),
    )
    made: Session = msgspec.structs.replace(session(*measurements), targets=(GPU, WASM), variants=known)
    return advise(rows(made, workloads()))


def texts(found: list[Advice], kind: AdviceKind) -> list[str]:
    return [one.text for one in found if one.kind is kind]


def test_the_winner_its_price_and_what_it_needs() -> None:
    found = advice(
        taken("gpu", "f32", 64, 4.0),
        taken("gpu", "dot", 64, 1.0, error=0.01),
        taken("gpu", "staged", 64, 2.0),
        taken("gpu", "f32", 128, 8.0),
        taken("gpu", "dot", 128, 2.0, error=0.01),
        taken("gpu", "staged", 128, 4.0),
    )
    (choice,) = texts(found, AdviceKind.CHOICE)
    assert re.fullmatch(
        r"matvec on GPU at 64 to 128: use dot: [\d.]+× faster than f32 \([\d.]+–[\d.]+\)", choice
    )
    (accuracy,) = texts(found, AdviceKind.ACCURACY)
    assert (
        "dot answers with a relative error of 1.0 %, f32 with 1.0e-7; as accurate as that: staged, "
        in accuracy
    )
    (feature,) = texts(found, AdviceKind.FEATURE)
    assert 'wgslLanguageFeatures.has("packed_4x8_integer_dot_product")' in feature
    assert feature.endswith("begin the shader with requires packed_4x8_integer_dot_product;")
    (code,) = [one.code for one in found if one.kind is AdviceKind.FEATURE]
    assert code["WGSL"] == "requires packed_4x8_integer_dot_product;\n"
    assert "wgslLanguageFeatures.has" in code["JavaScript"]


def test_a_price_is_named_only_where_every_size_pays_it() -> None:
    def price(*errors: float) -> list[str]:
        runs = [
            taken("gpu", name, size, seconds * size, error)
            for size, own in zip((64, 128), errors, strict=True)
            for name, seconds, error in (("f32", 4.0, 1e-7), ("dot", 1.0, own))
        ]
        return texts(advice(*runs), AdviceKind.ACCURACY)

    assert len(price(0.01, 0.02)) == 1
    assert "relative error of 2.0 %, f32 with 1.0e-7" in price(0.01, 0.02)[0]
    assert price(0.01, 1e-7) == price(1e-7, 1e-7) == []


@pytest.mark.parametrize("state", [FeatureState.SUPPORTED, FeatureState.EMULATED])
def test_a_feature_that_is_emulated_is_said_to_be(
    state: FeatureState, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = make_target("gpu", Runtime.WGSL, msgspec.structs.replace(DOT, state=state))
    monkeypatch.setitem(globals(), "GPU", there)
    found = advice(taken("gpu", "f32", 64, 4.0), taken("gpu", "dot", 64, 1.0))
    (text,) = texts(found, AdviceKind.FEATURE)
    assert ("(emulated on GPU)" in text) is (state is FeatureState.EMULATED)


def test_what_outliers_cost_is_named() -> None:
    pair = (taken("gpu", "f32", 64, 4.0), taken("gpu", "dot", 64, 1.0, error=0.3))
    made = msgspec.structs.replace(
        session(*pair), targets=(GPU, WASM), variants=(variant("f32"), variant("dot"))
    )
    settings = msgspec.structs.replace(made.plan.settings, operands="outliers")
    plan = msgspec.structs.replace(made.plan, settings=settings)
    found = advise(rows(msgspec.structs.replace(made, plan=plan), workloads()))
    (accuracy,) = texts(found, AdviceKind.ACCURACY)
    assert "with outliers among the operands dot answers with a relative error of 30 %" in accuracy


def test_sizes_at_which_nothing_helps_share_a_sentence() -> None:
    found = advice(
        taken("gpu", "f32", 64, 1.0),
        taken("gpu", "dot", 64, 1.0, 0.01),
        taken("gpu", "staged", 64, 2.0),
        taken("gpu", "f32", 128, 1.0),
        taken("gpu", "dot", 128, 2.0, 0.01),
        taken("gpu", "staged", 128, 1.0),
    )
    assert texts(found, AdviceKind.CHOICE) == [
        "matvec on GPU at 64 to 128: stay with f32: nothing measured is surely faster"
    ]


def test_shapes_of_no_order_are_all_named() -> None:
    """The same one wins at the first and the last: there is no stretch from one to the other."""
    found = advice(
        *(
            taken("gpu", name, shape, seconds)
            for shape, staged in ((Shape(2048, 512), 1.0), (Shape(1024, 1024), 9.0), (Shape(512, 2048), 1.0))
            for name, seconds in (("f32", 4.0), ("staged", staged))
        )
    )
    won, lost = texts(found, AdviceKind.CHOICE)
    assert won.startswith("matvec on GPU at 512x2048 and 2048x512: use staged: ")
    assert lost == "matvec on GPU at 1024x1024: stay with f32: nothing measured is surely faster"


def test_what_cannot_be_told_apart_is_named_together() -> None:
    found = advice(
        taken("gpu", "f32", 64, 4.0), taken("gpu", "dot", 64, 1.0, 0.01), taken("gpu", "staged", 64, 1.0)
    )
    (choice,) = texts(found, AdviceKind.CHOICE)
    assert "use staged or dot (not told apart; the most accurate first): 4.0" in choice or "3.9" in choice


def test_nothing_is_claimed_that_the_interval_does_not_carry() -> None:
    for seconds in (3.95, 4.0, 4.05):
        found = advice(taken("gpu", "f32", 64, 4.0, noise=0.03), taken("gpu", "dot", 64, seconds, noise=0.03))
        assert texts(found, AdviceKind.CHOICE) == [
            "matvec on GPU at 64: stay with f32: nothing measured is surely faster"
        ]
        assert texts(found, AdviceKind.FEATURE) == []


def test_no_choice_rests_on_unsteady_results_and_that_is_said() -> None:
    found = advice(taken("gpu", "f32", 64, 4.0), taken("gpu", "dot", 64, 1.0, noise=0.3))
    assert texts(found, AdviceKind.CHOICE) == []
    (said,) = texts(found, AdviceKind.SILENCE)
    assert said.startswith(
        "matvec on GPU: nothing is said of 1 of 2 results, which are unsteady (dot at 64: "
    )


@pytest.mark.parametrize(
    ("floor", "sizes", "choices"),
    [
        (0.1, "", ["64 to 256"]),
        (0.7, "64: an empty kernel takes nearly as long; variants differ from 128 on", ["128 to 256"]),
        (
            9.0,
            "64, 128 and 256: an empty kernel takes nearly as long; take larger sizes to see variants differ",
            [],
        ),
    ],
)
def test_where_launches_decide_no_choice_is_made(floor: float, sizes: str, choices: list[str]) -> None:
    """The faster kernel takes 1, 2 and 4 s, the baseline four times as long."""
    measured = [
        taken("gpu", name, size, seconds * factor)
        for size, seconds in ((64, 1.0), (128, 2.0), (256, 4.0))
        for name, factor in (("f32", 4.0), ("dot", 1.0))
    ]
    made = msgspec.structs.replace(
        session(*measured),
        targets=(GPU,),
        variants=(variant("f32"), variant("dot")),
        ceilings={"gpu": Ceilings(date="", floor=floor)},
    )
    found = advise(rows(made, workloads()))
    assert texts(found, AdviceKind.SILENCE) == ([f"matvec on GPU at {sizes}"] if sizes else [])
    where = [f"matvec on GPU at {size}: use dot" for size in choices]
    assert [": ".join(text.split(": ")[:2]) for text in texts(found, AdviceKind.CHOICE)] == where


LINKS = Ceilings(date="", upload=Link(1.0, 1e3), download=Link(1.0, 1e9), dispatch=0.5)


@pytest.mark.parametrize(
    ("ceilings", "gpu", "words"),
    [
        (
            None,
            4.0,
            r"by the kernel alone, the GPU overtakes between 64 and 256, at about 12\d \(.*\); what ",
        ),
        (
            LINKS,
            4.0,
            r"by the kernel alone, .* at about 12\d \(.*\); with its weights resident, .* at about 2\d\d",
        ),
        (
            LINKS,
            99.0,
            r"with or without transfers, the GPU is behind up to 256, the largest size; at 256 its ",
        ),
    ],
)
def test_where_the_gpu_overtakes(ceilings: Ceilings | None, gpu: float, words: str) -> None:
    """Wasm takes 2 and 8 s at 64 and 256, so 4 s at 128."""
    known = [
        taken(*case)
        for size, theirs in ((64, 2.0), (256, 8.0))
        for case in (("gpu", "f32", size, gpu), ("wasm", "simd", size, theirs))
    ]
    made = msgspec.structs.replace(
        session(*known),
        targets=(GPU, WASM),
        variants=(variant("f32"), variant("simd", Runtime.WASM)),
        ceilings={"gpu": ceilings} if ceilings else {},
    )
    (crossover,) = texts(advise(rows(made, workloads())), AdviceKind.CROSSOVER)
    assert re.match(f"matvec on GPU against WASM: {words}", crossover), crossover
    assert crossover.endswith("f32 against simd")


def test_a_session_without_results_has_no_advice() -> None:
    bad = msgspec.structs.replace(taken("gpu", "f32", 64, 1.0), status=Status.WRONG)
    assert advice(bad) == []
    assert advice(taken("gpu", "f32", 64, 1.0)) == []
