"""Alignment: every line of either text once and in order, common ones beside each other."""

from hypothesis import given
from hypothesis import strategies as st

from app.catalog.index import find
from app.catalog.programs import source
from app.core.diff import PairKind, side_by_side
from app.core.target import Runtime

LINES = st.lists(st.sampled_from(["let a = 1;", "let a = 2;", "}", "", "sum += dot(a, x);", "x"]), max_size=9)


@given(LINES, LINES)
def test_every_line_stands_once_and_in_order(left: list[str], right: list[str]) -> None:
    pairs = side_by_side("\n".join(left), "\n".join(right))
    a, b = "\n".join(left).splitlines(), "\n".join(right).splitlines()
    assert [p.left.text for p in pairs if p.left] == a
    assert [p.right.text for p in pairs if p.right] == b
    assert [p.left.number for p in pairs if p.left] == list(range(1, len(a) + 1))
    for pair in pairs:
        same = pair.left and pair.right and pair.left.text == pair.right.text
        assert (pair.kind is PairKind.SAME) is bool(same)


def test_a_changed_line_stands_beside_what_it_was_with_the_words_marked() -> None:
    left = "fn f() {\n  let a0 = matrix[row0 + k];\n}\n"
    right = "fn f() {\n  // swizzled\n  let a0 = matrix[base + 4u * (k)];\n}\n"
    pairs = side_by_side(left, right)
    assert [p.kind for p in pairs] == [PairKind.SAME, PairKind.ADDED, PairKind.CHANGED, PairKind.SAME]
    changed = pairs[2]
    assert changed.left.text.strip().startswith("let a0")
    assert next(changed.left.text[i:j] for i, j in changed.left.marks) == "row0"
    marked = "".join(changed.right.text[i:j] for i, j in changed.right.marks)
    assert "base" in marked
    assert "matrix" not in marked


def test_the_dot4_change_of_the_article_reads_as_one() -> None:
    """The declarations and the products change; what walks the rows stays as it is."""
    parameters = {"rows_per_thread": 1, "workgroup_size": 64, "unroll": 1}
    plain, dot4 = (source(find("matvec", n, Runtime.WGSL), parameters) for n in ("u8", "u8-dot4"))
    pairs = side_by_side(plain, dot4)
    kinds = [p.kind for p in pairs]
    assert kinds.count(PairKind.SAME) > 0.5 * len(kinds)
    product = next(p for p in pairs if p.right and "dot4U8Packed" in p.right.text)
    assert product.left is None or "dot(" in product.left.text


def test_texts_that_are_far_too_long_are_not_aligned() -> None:
    left, right = ("\n".join(f"{n}" for n in range(start, 6000)) for start in (0, 1))
    assert {p.kind for p in side_by_side(left, right)} == {PairKind.REMOVED, PairKind.ADDED}
    assert {p.kind for p in side_by_side(left, left)} == {PairKind.SAME}


def test_long_texts_that_share_nothing_are_not_compared_line_by_line() -> None:
    left, right = ("\n".join(f"{word} {n} x" for n in range(80)) for word in ("let", "var"))
    assert {p.kind for p in side_by_side(left, right)} == {PairKind.REMOVED, PairKind.ADDED}
    short = ("\n".join(text.splitlines()[:9]) for text in (left, right))
    assert {p.kind for p in side_by_side(*short)} == {PairKind.CHANGED}
