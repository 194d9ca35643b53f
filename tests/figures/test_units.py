import math

import pytest

from app.figures import units


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.00941, "9.41 ms"),
        (1.0, "1.00 s"),
        (2.5e-7, "250 ns"),
        (3e-12, "0.00300 ns"),
        (None, "–"),
        (math.nan, "–"),
    ],
)
def test_seconds(value: float | None, text: str) -> None:
    assert units.seconds(value) == text


def test_ratios_and_intervals() -> None:
    assert units.speedup(1.62, 1.58, 1.66) == "1.62× (1.58–1.66)"
    assert units.speedup(1.62, None, None) == "1.62× (too few samples)"
    assert units.times(math.inf) == units.NO_VALUE
    assert units.times(0.0004) == "1/2,500×"
    assert units.times(12345.6) == "12,300×"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2.0, "2×"),
        (1.6, "1.6×"),
        (0.5, "½×"),
        (0.125, "⅛×"),
        (1 / 32, "1/32×"),
        (1 / 2048, "1/2,048×"),
        (0.7, "0.7×"),
    ],
)
def test_round_ratios(value: float, text: str) -> None:
    assert units.multiple(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(9.996, "10.0"), (999.9, "1,000"), (1234.5, "1,230"), (0.5, "0.500")]
)
def test_three_digits_are_three_after_rounding(value: float, text: str) -> None:
    assert units.digits(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0098, "0.98 %"), (1.0, "100 %"), (1.2e-7, "1.2e-7"), (0.0, "0"), (math.nan, "–")]
)
def test_errors(value: float, text: str) -> None:
    assert units.error(value) == text


def test_nothing_prints_as_zero_nan_or_infinity() -> None:
    for value in (1e-9, 4.4e-5, 0.0049, 1e12, math.nan, math.inf, -math.inf):
        text = units.digits(value)
        assert "nan" not in text
        assert "inf" not in text
        assert float(text.replace(",", "")) != 0 if text != units.NO_VALUE else not math.isfinite(value)


def test_bytes() -> None:
    assert units.bytes_(128 << 20) == "128 MiB"
    assert units.bytes_(1000) == "1000 B"
    assert units.bytes_(1 << 41) == "2.00 TiB"
