"""Advice from made-up sessions: right where it speaks, silent where the intervals are."""

import re

import msgspec
import numpy as np
import pytest

from app.core.advice import Advice, Kind, advise
from app.core.measurement import Error, Measurement, Status
from app.core.plan import Case
from app.core.rows import rows
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import LANGUAGE, Feature, FeatureState, Runtime
from app.workloads import workloads
from tests.core.test_rows import session, variant
from tests.core.test_rows import target as make_target

DOT = Feature("packed_4x8_integer_dot_product", FeatureState.SUPPORTED, group=LANGUAGE)
GPU, WASM = make_target("gpu", Runtime.WGSL, DOT), make_target("wasm", Runtime.WASM)
RANDOM = np.random.default_rng(1)


def taken(
    where: str, what: str, size: int, seconds: float, error: float = 1e-7, noise: float = 0.005
) -> Measurement:
    samples = tuple((seconds * RANDOM.lognormal(0, noise, 25)).tolist())
    quality = Error(error, error, 1e-7, 1e-7, 1e-5)
    return Measurement(
        Case(where, "matvec", what, Shape(size, size)), Status.OK, samples=samples, error=quality
    )


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


def texts(found: list[Advice], kind: Kind) -> list[str]:
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
    (choice,) = texts(found, Kind.CHOICE)
    assert re.fullmatch(
        r"matvec on GPU at 64 to 128: use dot: [\d.]+-[\d.]+x faster \([\d.]+-[\d.]+\) than f32", choice
    )
    (accuracy,) = texts(found, Kind.ACCURACY)
    assert (
        "dot answers with a relative error of 1e-02, f32 with 1e-07; as accurate as that: staged, "
        in accuracy
    )
    (feature,) = texts(found, Kind.FEATURE)
    assert 'wgslLanguageFeatures.has("packed_4x8_integer_dot_product")' in feature
    assert feature.endswith("begin the shader with requires packed_4x8_integer_dot_product;")
    (code,) = [one.code for one in found if one.kind is Kind.FEATURE]
    assert code["WGSL"] == "requires packed_4x8_integer_dot_product;\n"
    assert "wgslLanguageFeatures.has" in code["JavaScript"]


def test_what_cannot_be_told_apart_is_named_together() -> None:
    found = advice(
        taken("gpu", "f32", 64, 4.0), taken("gpu", "dot", 64, 1.0, 0.01), taken("gpu", "staged", 64, 1.0)
    )
    (choice,) = texts(found, Kind.CHOICE)
    assert "use staged or dot (not told apart; the most accurate first): 4.0" in choice or "3.9" in choice


def test_nothing_is_claimed_that_the_interval_does_not_carry() -> None:
    for seconds in (3.95, 4.0, 4.05):
        found = advice(taken("gpu", "f32", 64, 4.0, noise=0.1), taken("gpu", "dot", 64, seconds, noise=0.1))
        assert texts(found, Kind.CHOICE) == [
            "matvec on GPU at 64: stay with f32: nothing measured is surely faster"
        ]
        assert texts(found, Kind.FEATURE) == []


@pytest.mark.parametrize(
    ("gpu", "words"),
    [
        ((4.0, 4.0, 4.0), "GPU overtakes WASM at 256: 2."),
        ((0.5, 0.5, 0.5), "GPU beats WASM at every size measured"),
        ((99.0, 99.0, 99.0), "GPU is slower than WASM at every size measured"),
        ((1.0, 2.0, 8.0), "GPU is surely faster than WASM at no size measured"),
        ((0.5, 9.0, 9.0), "GPU and WASM take turns"),
    ],
)
def test_where_the_gpu_overtakes(gpu: tuple[float, float, float], words: str) -> None:
    measured = [
        taken(*case)
        for size, ours, theirs in zip((64, 128, 256), gpu, (1.0, 2.0, 8.0), strict=True)
        for case in (
            ("gpu", "f32", size, ours),
            ("wasm", "simd", size, theirs),
            ("wasm", "f32", size, 2 * theirs),
        )
    ]
    if gpu == (4.0, 4.0, 4.0):
        measured = [m for m in measured if m.case.shape.rows != 128]
    (crossover,) = texts(advice(*measured), Kind.CROSSOVER)
    assert crossover.startswith(f"matvec: {words}")
    assert crossover.endswith("kernels alone, without copies")


def test_a_session_without_results_has_no_advice() -> None:
    bad = msgspec.structs.replace(taken("gpu", "f32", 64, 1.0), status=Status.WRONG)
    assert advice(bad) == []
    assert advice(taken("gpu", "f32", 64, 1.0)) == []
