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
    assert units.speedup(1.62, 1.58, 1.66) == "1.62x (1.58-1.66)"
    assert units.speedup(1.62, None, None) == "1.62x (too few samples)"
    assert units.times(math.inf) == units.NO_VALUE
    assert units.times(0.0004) == "4.00e-04x"
    assert units.times(12345.6) == "12346x"


def test_nothing_prints_as_zero_nan_or_infinity() -> None:
    for value in (1e-9, 4.4e-5, 0.0049, 1e12, math.nan, math.inf, -math.inf):
        text = units.digits(value)
        assert "nan" not in text
        assert "inf" not in text
        assert float(text) != 0 if text != units.NO_VALUE else not math.isfinite(value)


def test_bytes() -> None:
    assert units.bytes_(128 << 20) == "128 MiB"
    assert units.bytes_(1000) == "1000 B"
    assert units.bytes_(1 << 41) == "2.00 TiB"
