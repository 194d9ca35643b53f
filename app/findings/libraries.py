"""Libraries in words: where one is the better choice than every kernel that was measured, and where not."""

from collections.abc import Iterator, Sequence

from app.figures import units
from app.figures.verdict import Verdict, gain, inverse, verdict
from app.findings.best import Best
from app.findings.rows import Row


def libraries(workload: str, best: Sequence[Best], margin: float) -> Iterator[tuple[str, str]]:
    """Target and sentence for sizes at which a target's best kernel compares alike with libraries."""
    groups: dict[tuple[Verdict, str, str], list[Row]] = {}
    for at in best:
        row = at.rows[0]
        found = verdict(row.of_peer, margin)
        if row.of_peer and found is not Verdict.NO_DATA:
            groups.setdefault((found, row.name, row.peer), []).append(row)
    for (found, name, peer), own in groups.items():
        where = f"{workload} on {own[0].target.label} at {units.listed([row.size for row in own])}"
        ratios = [row.of_peer for row in own if row.of_peer]
        if found is Verdict.SLOWER:
            turned = [inverse(ratio) for ratio in ratios]
            text = f"the library is the better choice: {peer} is {gain(turned, name)}"
        elif found is Verdict.FASTER:
            text = f"a kernel of your own pays: {name} is {gain(ratios, peer)}"
        else:
            text = f"{name} is not surely faster than a library: {peer} does as well"
        yield own[0].target.id, f"{where}: {text}"
