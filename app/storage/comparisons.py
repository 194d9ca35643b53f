"""A comparison of sessions: as CSV and JSON a record per case and session, as Markdown a line per case."""

from collections.abc import Iterator

from app.figures import units
from app.figures.statistics import Summary
from app.figures.verdict import MARGIN, wording
from app.findings.across import Across, Means
from app.storage.formats import Cell, csv_of, json_of, markdown_of


def records(across: Across, margin: float = MARGIN) -> Iterator[dict[str, Cell]]:
    """Every case in every session but the first, against the first."""
    for i, name in enumerate(across.names[1:]):
        for group in across.groups:
            for size in group.sizes:
                if one := size.comparisons[i]:
                    before, after = size.summaries[0], size.summaries[i + 1]
                    yield {
                        "base": across.names[0],
                        "session": name,
                        "target": one.target.id,
                        "workload": group.workload,
                        "variant": group.variant,
                        "shape": str(size.shape),
                        "base_median_s": before.median if before else None,
                        "median_s": after.median if after else None,
                        "verdict": one.verdict(margin).value,
                        "ratio": one.ratio.value if one.ratio else None,
                        "low": one.ratio.low if one.ratio else None,
                        "high": one.ratio.high if one.ratio else None,
                        "reason": "; ".join(filter(None, (one.reason, one.hint(margin)))),
                    }


COLUMNS = (
    *("base", "session", "target", "workload", "variant", "shape", "base_median_s", "median_s"),
    *("verdict", "ratio", "low", "high", "reason"),
)


def comparison_csv(across: Across, margin: float = MARGIN) -> str:
    """A line per record."""
    return csv_of(COLUMNS, records(across, margin))


def comparison_json(across: Across, margin: float = MARGIN) -> str:
    """A list of objects with the CSV's columns."""
    return json_of(list(records(across, margin)))


def comparison_markdown(across: Across, margin: float = MARGIN) -> str:
    """A line per case, and one per variant with its means."""
    first, *others = across.names
    heads = ["target", "workload", "variant", "size", first]
    heads += [head for name in others for head in (name, "verdict")]
    rows = []
    for group in across.groups:
        for size in group.sizes:
            cells = [group.target.label, group.workload, group.variant, size.name]
            cells.append(median(size.summaries[0]))
            for own, one in zip(size.summaries[1:], size.comparisons, strict=True):
                cells += [median(own), wording(one.ratio if one else None, margin)]
            rows.append(cells)
        if len(group.sizes) > 1 and any(group.means):
            rows.append(_mean_line(group, margin))
    return markdown_of(heads, rows)


def _mean_line(group: Means, margin: float) -> list[str]:
    words = [cell for i, mean in enumerate(group.means) for cell in (over(group, i), wording(mean, margin))]
    return [group.target.label, group.workload, group.variant, "all", "", *words]


def over(group: Means, other: int) -> str:
    """``mean of 3``; it is the geometric one."""
    return f"mean of {group.count(other)}" if group.means[other] else ""


def median(summary: Summary | None) -> str:
    """The median as people read it."""
    return units.seconds(summary.median if summary else None)
