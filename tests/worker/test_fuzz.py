"""The WGSL editor's input, mutated: whatever somebody types costs that case at most."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from msgspec import structs

from app.catalog.index import find
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.events import CaseFinished
from app.core.measurement import Status
from app.core.plan import Case, Plan, Settings
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.worker.supervisor import Supervisor

COUNT = 60
WORDS = (
    "u32",
    "f32",
    "vec4<f32>",
    "0u",
    "1.5",
    "loop {}",
    "return;",
    "}",
    "{",
    ";",
    "//",
    "/*",
    "\u202e",
    "@",
)


def mutate(text: str, chance: random.Random) -> str:
    """``text`` after a few of the things that happen while somebody types."""
    for _ in range(chance.randint(1, 4)):
        lines = text.split("\n")
        at = chance.randrange(len(lines))
        place = chance.randrange(len(text))
        match chance.randrange(6):
            case 0:
                del lines[at]
                text = "\n".join(lines)
            case 1:
                lines.insert(chance.randrange(len(lines)), lines[at])
                text = "\n".join(lines)
            case 2:
                text = text[:place] + text[place + chance.randint(1, 9) :]
            case 3:
                text = f"{text[:place]} {chance.choice(WORDS)} {text[place:]}"
            case 4:
                text = text.replace(
                    chance.choice(("+", "*", "<", "=", "0u", "1u")), chance.choice("+-*/<>=1"), 1
                )
            case _:
                text = text[:place]
        text = text or "x"
    return text


def fuzz(supervisor: Supervisor, target: Target, count: int, seed: int) -> tuple[Counter[Status], list[str]]:
    """How ``count`` mutated kernels ended, and why those that failed did; an honest one comes last."""
    chance = random.Random(seed)
    like = find("matvec", "f32", Runtime.WGSL)
    parameters = like.defaults(target)
    honest = source(like, parameters)
    made = [
        Edit(
            workload="matvec",
            runtime=Runtime.WGSL,
            name=f"fuzz{number}",
            like="f32",
            text=mutate(honest, chance),
            parameters=parameters,
        )
        for number in range(count)
    ]
    names = [*(edit.name for edit in made), "f32"]
    cases = [
        Case(target.id, "matvec", name, Shape(33 + i // 10, 40), parameters) for i, name in enumerate(names)
    ]
    quick = Settings(seconds=0.005, batch_seconds=0.001, step_seconds=3)
    plan = structs.replace(Plan(tuple(cases), settings=quick), edits=tuple(made))
    ends = {event.case: event for event in supervisor.run(plan) if isinstance(event, CaseFinished)}
    assert sorted(ends) == list(range(len(cases)))
    assert ends[count].status is Status.OK, ends[count]
    return Counter(end.status for end in ends.values()), [end.reason for end in ends.values() if end.reason]


@pytest.fixture
def own(targets: list[Target]) -> Iterator[Supervisor]:
    supervisor = Supervisor(most_crashes=10_000)
    supervisor._targets = {target.id: target for target in targets}
    yield supervisor
    supervisor.close()


def test_mutated_kernels_cost_themselves_at_most(own: Supervisor, targets: list[Target]) -> None:
    gpu = next((target for target in targets if target.engine == "webgpu"), None)
    if gpu is None:
        pytest.skip("no adapter here")
    ended, reasons = fuzz(own, gpu, COUNT, seed=7)
    assert ended[Status.FAILED] > COUNT / 3, "most of what is typed does not compile"
    assert all("\n" not in reason and len(reason) <= 500 for reason in reasons)
