"""Verdicts say what the interval carries, and no more."""

import math

import numpy as np
import pytest
from msgspec import structs

from app.core.pairs import ratio
from app.figures.statistics import Ratio, speedup
from app.figures.verdict import Verdict, gain, inverse, verdict, wording
from tests.figures.test_statistics import noisy
from tests.findings.test_rows import measured


@pytest.mark.parametrize(
    ("ratio", "word", "text"),
    [
        (Ratio(1.62, 1.58, 1.66), "faster", "1.62× faster (1.58–1.66)"),
        (Ratio(0.5, 0.4, 0.625), "slower", "2.00× slower (1.60–2.50)"),
        (Ratio(1.0, 0.99, 1.01), "same", "same (0.990–1.01)"),
        (Ratio(1.05, 0.98, 1.1), "not sure", "not sure: 1.05× (0.980–1.10)"),
        (Ratio(1.05, 1.01, 1.1), "not sure", "not sure: 1.05× (1.01–1.10)"),
        (Ratio(3.0, None, None), "not sure", "not sure: 3.00× (too few samples)"),
        (Ratio(3.52, 2.7, 3.78, unpaired=True), "faster", "3.52× faster (2.70–3.78, unpaired)"),
        (Ratio(0.5, 0.4, 0.625, unpaired=True), "slower", "2.00× slower (1.60–2.50, unpaired)"),
        (Ratio(3.0, None, None, unpaired=True), "not sure", "not sure: 3.00× (too few samples, unpaired)"),
        (None, "no data", "no data"),
    ],
)
def test_verdict_and_wording(ratio: Ratio | None, word: str, text: str) -> None:
    assert verdict(ratio).value == word
    assert wording(ratio) == text


def test_a_claim_has_one_form_whatever_it_is_over() -> None:
    faster, slower = Ratio(1.62, 1.58, 1.66), Ratio(0.5, 0.4, 0.625)
    assert wording(faster, than="f32") == gain([faster], "f32") == "1.62× faster than f32 (1.58–1.66)"
    assert wording(slower, than="f32") == "2.00× slower than f32 (1.60–2.50)"
    assert wording(Ratio(1.0, 0.99, 1.01), than="f32") == "As fast as f32: 1.00× (0.990–1.01)"
    assert wording(Ratio(3.0, None, None), than="f32").startswith("No clear difference from f32: 3.00× (")
    several = [faster, Ratio(3.5, 3.0, 4.0, unpaired=True)]
    assert gain(several) == "1.62–3.50× faster (1.58–4.00, unpaired)"
    assert gain([faster, Ratio(1.6201, 1.6, 1.7)]) == "1.62× faster (1.58–1.70)"


def test_margin_is_chosen() -> None:
    ratio = Ratio(1.05, 1.03, 1.07)
    assert verdict(ratio) is Verdict.FASTER
    assert verdict(ratio, 0.04) is Verdict.NOT_SURE
    assert verdict(ratio, 0.10) is Verdict.SAME
    assert verdict(inverse(ratio)) is Verdict.SLOWER
    assert verdict(inverse(ratio), 0.10) is Verdict.SAME
    assert verdict(Ratio(1.001, 1.0005, 1.002), 0.0) is Verdict.FASTER


def test_equal_cases_are_hardly_ever_told_apart_and_unequal_ones_are() -> None:
    random = np.random.default_rng(2)
    wrong = found = 0
    for _ in range(500):
        a, b = noisy(random, 40, "spikes and drift")
        wrong += verdict(speedup(a.tolist(), b.tolist(), paired=True)) in (Verdict.FASTER, Verdict.SLOWER)
        true = math.exp(random.uniform(math.log(1.1), 2))
        found += verdict(speedup((true * a).tolist(), b.tolist(), paired=True)) is Verdict.FASTER
    assert wrong <= 5
    assert found >= 490


def test_a_speedup_that_changes_within_the_run_decides_nothing() -> None:
    base = measured("a", "f32", 1.0)
    steady, turned = (1.0 / 2,) * 15, (1.0 / 1.01,) * 15
    other = measured("a", "fast", 1.0)
    random = np.random.default_rng(1)
    noise = random.lognormal(0, 0.01, 30)
    base = structs.replace(base, samples=tuple(noise.tolist()))
    other = structs.replace(other, samples=tuple((noise * np.array(steady + turned)).tolist()))
    found = ratio(base, other)
    assert found is not None
    assert found.changing
    assert verdict(found) is Verdict.NOT_SURE
