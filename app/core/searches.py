"""Searches: everything a tuning tried, kept so that it can be shown as it goes on and afterwards."""

from msgspec import Struct, structs

from app.core.events import AnyEvent, CandidateFinished, TuningFinished
from app.core.plan import Case
from app.core.tuning import Candidate, Tuning


class Search(Struct, frozen=True):
    """One tuning, under way or done; ``case`` holds the defaults, ``space`` counts the combinations.

    ``tuning`` is its result; where there is none, ``reason`` says why once it is done.
    """

    case: Case
    space: int = 0
    candidates: tuple[Candidate, ...] = ()
    tuning: Tuning | None = None
    reason: str = ""

    def __str__(self) -> str:
        return str(self.case)

    @property
    def done(self) -> bool:
        """Whether it has its last word."""
        return self.tuning is not None or bool(self.reason)


def follow(search: Search, event: AnyEvent) -> Search:
    """``search`` after one more of its tuning's events."""
    match event:
        case CandidateFinished(space=space, candidate=candidate):
            return structs.replace(search, space=space, candidates=(*search.candidates, candidate))
        case TuningFinished(tuning=tuning, reason=reason):
            return structs.replace(search, tuning=tuning, reason=reason)
    return search
