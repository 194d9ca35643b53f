"""The order of candidates: all of a small space, a sample and then a descent in a large one."""

import msgspec

from app.core.measurement import Status
from app.core.tuning import Candidate, Values
from app.core.variant import Parameter, Variant
from app.measure.search import SAMPLE, next_candidate, space
from tests.findings.test_rows import variant

DEFAULTS: Values = {"a": 1, "b": 1, "c": 1, "fixed": 5}


def with_choices(count: int) -> Variant:
    choices = tuple(range(1, count + 1))
    tunable = [Parameter(name, gpu=1, cpu=1, choices=choices) for name in "abc"]
    return msgspec.structs.replace(variant("f32"), parameters=(*tunable, Parameter("fixed", gpu=5, cpu=5)))


def cost(parameters: Values) -> float:
    """Best at a = 6, b = 2, c = 7."""
    return 1 + sum(abs(int(parameters[name]) - best) for name, best in (("a", 6), ("b", 2), ("c", 7)))


def search(count: int, seed: int = 1) -> list[Candidate]:
    tried: list[Candidate] = []
    while (parameters := next_candidate(with_choices(count), DEFAULTS, tried, seed)) is not None:
        tried.append(Candidate(parameters, Status.OK, cost(parameters)))
    return tried


def test_a_small_space_is_tried_as_a_whole_once_defaults_first() -> None:
    tried = search(4)
    assert tried[0].parameters == DEFAULTS
    assert len(tried) == space(with_choices(4), DEFAULTS) == 64
    assert len({tuple(sorted(c.parameters.items())) for c in tried}) == 64
    assert all(c.parameters["fixed"] == 5 for c in tried)


def test_a_large_space_is_sampled_and_then_descended_to_the_best() -> None:
    for seed in range(5):
        tried = search(8, seed)
        best = min(tried, key=lambda c: c.seconds or 0)
        assert best.parameters == {"a": 6, "b": 2, "c": 7, "fixed": 5}
        assert SAMPLE < len(tried) < 100 < space(with_choices(8), DEFAULTS) == 512


def test_the_same_seed_gives_the_same_order_wherever_the_search_goes_on() -> None:
    whole = search(8)
    assert next_candidate(with_choices(8), DEFAULTS, whole[:10], 1) == whole[10].parameters
    assert search(8) == whole
    assert search(8, seed=2) != whole


def test_what_failed_is_not_tried_again() -> None:
    tried: list[Candidate] = []
    while (parameters := next_candidate(with_choices(3), DEFAULTS, tried, 1)) is not None:
        tried.append(Candidate(parameters, Status.FAILED, None, "does not compile"))
    assert len(tried) == 27
