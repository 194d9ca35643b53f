"""The articles' figures name kernels that exist, and say what they are worth."""

from fnmatch import fnmatch

import pytest

from app.catalog.index import variants
from app.catalog.named_plans import named_plan
from app.core.articles import Figure, figure_for
from app.storage.shipped import articles


def test_every_figure_has_a_source_and_kernels_that_exist() -> None:
    known = variants()
    found = articles()
    assert "Tint" in found.note
    for figure in found.figures:
        assert figure.source in found.sources
        assert figure.low is not None or figure.high is not None
        own = [v for v in known if v.workload == figure.workload]
        mine = [v.name for v in own if v.runtime.value == figure.runtime]
        assert any(fnmatch(name, figure.variant) for name in mine), figure
        # What a GPU is held against may be Wasm.
        assert any(fnmatch(v.name, figure.baseline) for v in own), figure
        assert not figure.plan or named_plan(figure.plan)


@pytest.mark.parametrize(
    ("variant", "baseline", "words"),
    [
        ("u8", "f16", "article: 1.6–2.8×"),
        ("u8-dot4", "f16", "article: 1.7–2.9×"),
        ("f16", "f32", "article: up to 2×"),
        ("u8", "f32", None),
        ("f32", "f32", None),
    ],
)
def test_a_figure_belongs_to_its_base_line(variant: str, baseline: str, words: str | None) -> None:
    found = figure_for(articles().figures, "matvec", "wgsl", variant, baseline)
    assert (found.words if found else None) == words


def test_words_of_every_kind() -> None:
    def words(low: float | None, high: float | None) -> str:
        return Figure(low=low, high=high, claim="", source="", where="").words

    assert words(2.0, 2.0) == "article: 2×"
    assert words(120.0, None) == "article: more than 120×"
