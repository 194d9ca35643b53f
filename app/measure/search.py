"""The order in which a tuning tries candidates: a pure function of what was tried so far.

So a search can go on in a fresh worker after a candidate has killed the last one.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import numpy as np

from app.core.tuning import Candidate, Values, best_first
from app.core.variant import Variant

WHOLE = 64
"""Spaces up to this size are tried as a whole."""

SAMPLE = 24
"""Candidates drawn from a larger space before the search goes down from the best of them."""


def next_candidate(
    variant: Variant, defaults: Values, tried: Sequence[Candidate], seed: int
) -> Values | None:
    """The parameters to try next; None when there is nothing left.

    The defaults come first. A small space follows as a whole, in a seeded random order, so that a search that
    ends early has seen all of it alike. Of a large one a random sample follows; then one parameter at a time
    is changed in the best candidate, until no change makes it faster (coordinate descent).
    """
    seen = {_key(candidate.parameters) for candidate in tried}
    choices = _choices(variant, defaults)
    for parameters in _order(choices, defaults, seed):
        if _key(parameters) not in seen:
            return parameters
    for best in best_first(tried)[:1]:
        for parameters in _neighbours(choices, best.parameters):
            if _key(parameters) not in seen:
                return parameters
    return None


def space(variant: Variant, defaults: Values) -> int:
    """How many combinations of parameters there are."""
    return math.prod(map(len, _choices(variant, defaults).values()))


def _choices(variant: Variant, defaults: Values) -> dict[str, tuple[int | str, ...]]:
    """Values worth a try, each parameter's default among them."""
    return {p.name: tuple(dict.fromkeys((defaults[p.name], *p.choices))) for p in variant.parameters}


def _order(choices: dict[str, tuple[int | str, ...]], defaults: Values, seed: int) -> Iterator[Values]:
    yield defaults
    count = math.prod(map(len, choices.values()))
    random = np.random.default_rng(seed)
    if count <= WHOLE:
        every = list(product(*choices.values()))
        picked = [every[i] for i in random.permutation(count)]
    else:
        picked = [
            tuple(values[random.integers(len(values))] for values in choices.values()) for _ in range(SAMPLE)
        ]
    for values in picked:
        yield dict(zip(choices, values, strict=True))


def _neighbours(choices: dict[str, tuple[int | str, ...]], best: Values) -> Iterator[Values]:
    for name, values in choices.items():
        for value in values:
            yield {**best, name: value}


def _key(parameters: Mapping[str, int | str]) -> tuple[tuple[str, int | str], ...]:
    return tuple(sorted(parameters.items()))
