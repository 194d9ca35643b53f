"""Warnings: each trouble is named, and quiet samples are left in peace."""

import numpy as np
import pytest

from app.figures.warnings import outliers, unsteady, warnings


def quiet(rounds: int = 30, sigma: float = 0.02, seed: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(-7, sigma, rounds)


def spiked() -> np.ndarray:
    samples = quiet()
    samples[[3, 17]] *= 4
    return samples


TWO_SPEEDS = quiet() * np.where(np.random.default_rng(2).random(30) < 0.4, 1.3, 1.0)


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (quiet(4), "too few samples (4 of 6 for an interval)"),
        (spiked(), "2 of 30 samples are outliers, up to 4.0"),
        (quiet() * np.linspace(1, 1.2, 30), "drifting: slower by 1"),
        (quiet() * np.linspace(1, 0.8, 30), "drifting: faster by 2"),
        (quiet(900) * np.linspace(1, 1.2, 900), "drifting: slower by 1"),
        (TWO_SPEEDS, "two speeds (57 % near 912 µs, the rest 1.29× that)"),
        (quiet(sigma=0.2), "noisy: the middle half of the samples spans"),
        (np.round(quiet() * 3e4) / 3e4, "coarse clock: its steps are 3.7 % of a sample"),
        (np.full(20, 0.01), "all samples are equal"),
    ],
)
def test_each_trouble_is_named(samples: np.ndarray, words: str) -> None:
    assert any(words in text for text in warnings(samples.tolist())), warnings(samples.tolist())


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (quiet(4), "too few samples (4 of 6 for an interval)"),
        (quiet() * np.linspace(1, 1.2, 30), "drifting: slower by 1"),
        (TWO_SPEEDS, "two speeds (57 % near 912 µs"),
        (quiet(sigma=0.2), "noisy: the middle half"),
    ],
)
def test_no_choice_rests_on_what_is_unsteady(samples: np.ndarray, words: str) -> None:
    assert words in unsteady(samples.tolist())


@pytest.mark.parametrize("samples", [quiet(), spiked(), np.full(20, 0.01), np.array([])])
def test_what_is_merely_odd_is_no_reason(samples: np.ndarray) -> None:
    """Outliers and a coarse clock leave the median where it is."""
    assert unsteady(samples.tolist()) == ""


def test_short_batches_tell_what_their_second_shortest_hides() -> None:
    samples = quiet()

    def said(middle: float, held_up: float, share: float = 1.0) -> str:
        slow = np.arange(len(samples)) < share * len(samples)
        middles = (samples * np.where(slow, middle, 1.0)).tolist()
        return "; ".join(warnings(samples.tolist(), middles, [held_up] * len(samples)))

    assert said(1.5, 0.0) == "two speeds (the middle short batch takes 1.50× the sample's time)"
    assert said(1.5, 0.4) == "disturbed: 40 % of the short batches took over 1.2 times as long"
    assert said(1.04, 0.0) == said(1.04, 0.4) == ""
    assert said(1.5, 0.0, share=0.4) == ""  # a minority of the visits
    assert warnings(samples.tolist(), [], []) == warnings(samples.tolist(), samples.tolist(), []) == []


@pytest.mark.parametrize(("apart", "two"), [(5.7, False), (6.3, True)])
def test_two_speeds_are_six_deviations_apart(apart: float, two: bool) -> None:
    """Of groups whose deviation is known: half of each lies within four steps of its middle."""
    step = 0.003
    group = np.arange(-7, 8) * step
    samples = np.exp(np.concatenate([group, group + apart * 1.4826 * 4 * step]))
    found = any("two speeds" in text for text in warnings(np.random.default_rng(1).permutation(samples)))
    assert found is two


def test_one_spike_does_not_hide_two_speeds() -> None:
    spike = TWO_SPEEDS.copy()
    spike[3] *= 5
    found = " ".join(warnings(spike.tolist()))
    assert "two speeds" in found
    assert "outliers" in found


def test_quiet_samples_raise_hardly_any_warning() -> None:
    raised = [warnings(quiet(n, 0.02, seed).tolist()) for seed in range(300) for n in (6, 20, 33, 60)]
    assert sum(map(bool, raised)) <= 12  # one in a hundred


def test_outliers_are_flagged_in_place() -> None:
    assert np.flatnonzero(outliers(spiked())).tolist() == [3, 17]
    assert not outliers(np.full(9, 2.0)).any()
    assert warnings([]) == []
