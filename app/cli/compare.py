"""``compare``: sessions beside each other, with a verdict for every case and an exit code for CI."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.baseline import check_measured
from app.cli.options import FailOn
from app.cli.output import plain_table, print_json, print_table, remark, say, say_text
from app.core.errors import KernelscopeError
from app.core.session import Session
from app.core.shape import names_by_workload
from app.figures.statistics import Ratio, geometric_mean
from app.figures.verdict import Verdict, wording
from app.findings import compare as core
from app.findings.across import across, summary
from app.findings.compare import Comparison, compare
from app.findings.rows import rows
from app.storage.comparisons import comparison_json, median
from app.storage.named import load_named
from app.storage.shipped import articles
from app.workloads import workloads

if TYPE_CHECKING:
    from app.charts.bar_groups import Bars


def compare_command(
    paths: Sequence[Path], margin: float, fail_on: FailOn, baseline: str | None, as_json: bool
) -> int:
    """Print each session against the first; the exit code. ``margin`` is a fraction.

    One session alone shows its variants' geometric means over its baseline.
    """
    named = load_named(paths)
    check_measured([session for _, session in named], baseline)
    if len(named) == 1:
        print_means(named[0][1], baseline, margin, as_json)
        return 0
    found = {name: compare(named[0][1], other) for name, other in named[1:]}
    if not any(one.base and one.other for own in found.values() for one in own):
        raise KernelscopeError("nothing to compare: the sessions have no case in common")
    if as_json:
        say_text(comparison_json(across(named), margin))
    else:
        for name, own in found.items():
            print_comparison(named[0][0], name, own, margin)
    return int(any(fails(one, margin, fail_on) for own in found.values() for one in own))


def draw_bars(
    paths: Sequence[Path], chart: Path, baseline: str | None, size: str | None, with_articles: bool
) -> None:
    """Draw grouped bars and say so, and what the articles' figures are worth.

    Raises:
        KernelscopeError: Qt is missing, or there is nothing to draw, or it cannot be written.
    """
    try:
        from app.charts.comparison import comparison_bars
        from app.gui.charts.export import export_picture
    except ImportError as error:
        raise KernelscopeError(f"no chart: Qt does not load ({error})") from error
    figures = articles() if with_articles else None
    named = load_named(paths)
    check_measured([session for _, session in named], baseline)
    made = comparison_bars(named, workloads(), baseline, size, figures)
    export_picture(made, chart)
    remark(f"wrote {chart}")
    if figures:
        print_figures(made, figures.note)


def print_figures(chart: "Bars", note: str) -> None:
    """What the articles report of the bars, with chapter and verse, and the note on reading it."""
    told = {(bar.key[1], bar.figure): None for group in chart.groups for bar in group.bars if bar.figure}
    for variant, figure in told:
        where = f"{figure.claim}; {figure.source}, {figure.where}"
        remark(f"  {variant}: {figure.words} ({where})")
    if not told:
        remark("  no article reports these over this baseline; try --baseline f16")
    remark(f"  {note}")


def fails(one: Comparison, margin: float, fail_on: FailOn) -> bool:
    """Whether this case is to make the exit code 1."""
    found = one.verdict(margin)
    if fail_on is FailOn.NEVER:
        return False
    return one.broken or found is Verdict.SLOWER or (fail_on is FailOn.NOT_SURE and found is Verdict.NOT_SURE)


def print_comparison(base: str, other: str, found: Sequence[Comparison], margin: float) -> None:
    """One line per case, one per variant's mean, and a count of verdicts."""
    title = (
        f"{other} against {base} (times are medians; unpaired, as sessions are; margin {100 * margin:g} %)"
    )
    table = plain_table("target", "workload", "variant", "size", right=(base, other), title=title)
    table.add_column("verdict", no_wrap=True)
    table.add_column("note")
    cases = [one.measurement.case for one in found]
    sizes = names_by_workload((case.workload, case.shape) for case in cases)
    for one, case in zip(found, cases, strict=True):
        table.add_row(
            *(one.target.label, case.workload, case.name, sizes[case.workload, case.shape]),
            *(median(summary(one.base)), median(summary(one.other))),
            wording(one.ratio, margin),
            one.reason,
        )
    print_table(table)
    for group in core.groups(found):
        say(
            f"  {group.workload} {group.variant} on {group.target.label}: {wording(group.mean, margin)}, "
            f"geometric mean of {group.cases}"
        )
    counts = {v: sum(one.verdict(margin) is v for one in found) for v in Verdict}
    say("  " + ", ".join(f"{count} {v.value}" for v, count in counts.items() if count))
    for hint in dict.fromkeys(filter(None, (one.hint(margin) for one in found))):
        say(f"  {hint}")
    for one in found:
        if one.broken:
            say(f"  no longer right: {one.measurement.case}: {one.reason}")


def print_means(session: Session, baseline: str | None, margin: float, as_json: bool) -> None:
    """The geometric mean of each variant's speedups, over all shapes of the session."""
    own: dict[tuple[str, str, str], list[Ratio]] = {}
    for row in rows(session, workloads(), baseline):
        if row.speedup and not row.is_baseline:
            key = (row.target.label, row.variant.workload, row.name)
            own.setdefault(key, []).append(row.speedup)
    means = [(*key, geometric_mean(ratios), len(ratios)) for key, ratios in own.items()]
    if as_json:
        objects = [
            dict(zip(("target", "workload", "variant", "mean", "cases"), m, strict=True)) for m in means
        ]
        print_json(objects)
        return
    name = baseline or session.plan.baseline
    for target, workload, variant, mean, count in means:
        say(
            f"{workload} {variant} on {target}: {wording(mean, margin)} against {name}, "
            f"geometric mean of {count}"
        )
    if not means:
        say(f"no speedups over {name}")
