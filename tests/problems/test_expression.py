"""Expressions give what Python's arithmetic would, and are none of Python."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import KernelscopeError
from app.problems.expression import LARGEST, Expression, value, whole

NAMES = {"n": 37, "rows": 5, "k": 1024}
leaves = st.one_of(st.integers(0, 99).map(str), st.sampled_from(sorted(NAMES)))
texts = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "//", "%"]), inner).map(" ".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
    ),
    max_leaves=8,
)


@given(texts)
def test_an_expression_is_what_its_arithmetic_comes_to(text: str) -> None:
    try:
        expected = eval(text, {"min": min, "max": max}, NAMES)
    except ZeroDivisionError:
        with pytest.raises(KernelscopeError, match="divides by 0"):
            value(text, NAMES)
        return
    if abs(expected) < LARGEST:
        assert math.isclose(value(text, NAMES), expected, rel_tol=1e-12, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2 *", "at its end"),
        ("a b", "at column 3"),
        ("__import__('os')", "nothing it may have"),
        ("n.real", "nothing it may have"),
        ("pow(n, 2)", "no function 'pow'"),
        ("n ** 2", "at column 4"),
        ("(" * 60 + "n" + ")" * 60, "nested"),
        ("-" * 60 + "n", "nested"),
        ("n + " * 200 + "n", "more than 400 characters"),
        ("ceildiv(n)", "takes 2 values"),
        ("m", "no 'm'"),
        ("9" * 30, "too large"),
        ("n * 1000000000 * 1000000000 * 1000000000", "out of range"),
        ("ceildiv(n, n - 37)", "divides by 0"),
    ],
)
def test_what_is_none_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(KernelscopeError) as caught:
        value(text, NAMES)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sizes_and_counts_have_to_be_whole() -> None:
    assert whole("ceildiv(n, 8) * 8", NAMES) == 40
    with pytest.raises(KernelscopeError, match="has to be whole"):
        whole("n / 2", NAMES)
    with pytest.raises(KernelscopeError, match="1 or more"):
        whole("rows - 5", NAMES, 1)
    assert Expression("min(rows, k) // 2").names == {"rows", "k"}
