"""The plan of a session, here: what a text cannot be made with is left out, and said."""

import pytest
from msgspec import structs

from app.catalog.index import variants
from app.findings.rerun import plan_here
from tests.gui.made import session


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"rows_per_thread": 10**9},
            "rows_per_thread=1000000000: the value must be a whole number from 1 to 4096",
        ),
        ({"rows_per_thread": "8"}, "rows_per_thread=8: the value must be a whole number"),
        ({"tile": 8}, "has no parameter 'tile'"),
    ],
)
def test_parameters_that_no_text_takes_are_left_out(given: dict[str, int | str], why: str) -> None:
    """A tile of a thousand million, unrolled, is a text that nobody waits for."""
    before = session()
    i = next(i for i, case in enumerate(before.plan.cases) if "rows_per_thread" in case.parameters)
    cases = list(before.plan.cases)
    cases[i] = structs.replace(cases[i], parameters=cases[i].parameters | given)
    whole, _ = plan_here(before, before.targets, variants())
    strange = structs.replace(before, plan=structs.replace(before.plan, cases=tuple(cases)))
    plan, left_out = plan_here(strange, before.targets, variants())
    assert len(plan.cases) == len(whole.cases) - 1
    (words,) = [words for words in left_out if why in words]
    assert left_out[words] == 1
