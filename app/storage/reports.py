"""Reports of a session for people: Markdown, and HTML that needs nothing beside itself."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from itertools import groupby
from typing import TypeVar

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from msgspec.structs import replace

from app.core.foreign import markdown, visible
from app.core.session import Session
from app.figures import units
from app.findings.advice import Advice, advise
from app.findings.fastest import fastest, in_order
from app.findings.naming import machine_words
from app.findings.rows import Row, instances
from app.storage.formats import markdown_of
from app.storage.tables import FIGURES, human, markdown_text


class Chart(msgspec.Struct, frozen=True):
    """A drawing: its name, the question that it answers, in words what is on it, and an SVG or PNG file.

    What is ``folded`` is not the first of its kind. The chart that leads has its ``finding``, and
    a ``narrow`` drawing for small screens.
    """

    title: str
    question: str
    words: str
    file: bytes
    folded: bool = False
    finding: str = ""
    narrow: bytes = b""


MOST_DRAWN, MOST_TEXT = 550_000, 150_000
"""Bytes of drawings and of kernel texts in one report: one that is sent around stays below a megabyte."""


T = TypeVar("T")


def heading(session: Session) -> str:
    """What a report is called."""
    return f"Kernelscope report, {session.created[:10]}"


def markdown_report(session: Session, rows: Sequence[Row], baseline: str) -> str:
    """Machine, advice and a table per workload; text of the session cannot become markup that does harm."""
    lines = [
        f"# {heading(session)}",
        "",
        f"{markdown(machine_words(session))}; Kernelscope {markdown(session.app_version)}.",
        "",
        markdown_of(("target", "driver", "kind"), ((t.label, t.driver, t.kind) for t in session.targets)),
        *(f"{markdown(t.label)}: {markdown(t.note)}\n" for t in session.targets if t.note),
    ]
    advice = advise(rows)
    if advice:
        lines += ["## Advice", "", advice_markdown(advice)]
    for workload in dict.fromkeys(row.variant.workload for row in rows):
        own = [row for row in rows if row.variant.workload == workload]
        title = f"## {markdown(workload)}: speedup over {markdown(baseline)}, with its 95 % interval"
        title = ", ".join(filter(None, (title, instances(own))))
        lines += [title, "", markdown_text(own), ""]
    return "\n".join(lines).rstrip() + "\n"


def advice_markdown(found: Sequence[Advice]) -> str:
    """Every sentence, as lists by subject."""
    lines: list[str] = []
    for kind, own in groupby(found, key=lambda one: one.kind):
        lines += [f"**{kind.heading}**", "", *(f"- {markdown(one.text)}" for one in own), ""]
    return "\n".join(lines)


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) else visible(str(value))


_TAG, _ID = re.compile("<[^>]*>"), re.compile(r'( id="|url\(#)')


def html_report(
    session: Session, rows: Sequence[Row], baseline: str, charts: Mapping[str, Sequence[Chart]], title: str
) -> str:
    """One file: the finding with its chart, what is fastest, advice; folded, all else there is.

    What would make it too large to send is left out, and said.

    Everything from the session is escaped, in the charts by who drew them, and the page's own policy forbids
    scripts and anything from elsewhere.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    template = environment.from_string(files("resources").joinpath("report.html").read_text("utf-8"))
    used = {row.measurement.kernel: row for row in reversed(rows) if row.measurement.kernel}
    texts = [
        (row.measurement.case, session.kernels[key]) for key, row in used.items() if key in session.kernels
    ][::-1]
    names = tuple(dict.fromkeys((*(row.variant.workload for row in rows), *charts)))
    every = [chart for name in names for chart in charts.get(name, ())]
    shown = _within(sorted(every, key=lambda c: (not c.finding, c.folded)), lambda c: c.file, MOST_DRAWN)
    kernels = _within(texts, lambda one: one[1].text, MOST_TEXT)
    first = next((chart for chart in every if chart.finding), None)
    return template.render(
        title=title,
        finding=first.finding if first else title,
        lead=[
            (name, _inline(replace(first, file=file), name))
            for name, file in (("wide", first.file), ("narrow", first.narrow))
            if file
        ]
        if first
        else [],
        fastest=[(workload, _bars(workload, rows)) for workload in names],
        left_out=(len(every) - len(shown), len(texts) - len(kernels)),
        session=session,
        baseline=baseline,
        machines=machine_words(session),
        advice=[(kind, list(own)) for kind, own in groupby(advise(rows), key=lambda one: one.kind)],
        workloads=[
            {
                "name": workload,
                "charts": [
                    (chart, _inline(chart, f"{number}-{i}"))
                    for i, chart in enumerate(charts.get(workload, ()), 1)
                    if chart in shown and chart is not first
                ],
                "instances": instances(row for row in rows if row.variant.workload == workload),
                "rows": [human(row) for row in in_order(rows) if row.variant.workload == workload],
            }
            for number, workload in enumerate(names, 1)
        ],
        figures=FIGURES,
        kernels=kernels,
    )


def _within(given: Sequence[T], content: Callable[[T], bytes | str], most: int) -> list[T]:
    """The first of these, as many as have room; the very first in any case."""
    kept: list[T] = []
    for one in given:
        most -= len(content(one))
        if most < 0 and kept:
            break
        kept.append(one)
    return kept


def _bars(workload: str, rows: Sequence[Row]) -> list[tuple[Row, str, str, float]]:
    """What is fastest on each target: its row, time, speedup in words, and its speed beside the fastest's.

    Nothing where that is a baseline everywhere.
    """
    own = [row for row in fastest(r for r in rows if r.variant.workload == workload) if row.summary]
    if all(row.is_baseline for row in own):
        return []
    times = [row.summary.median for row in own if row.summary]
    return [
        (
            row,
            units.seconds(seconds),
            "baseline" if row.is_baseline else row.verdict or units.NO_VALUE,
            min(times) / seconds,
        )
        for row, seconds in zip(own, times, strict=True)
    ]


def fastest_words(workload: str, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """What is fastest on each target: target, variant, speedup and time."""
    return [
        (row.target.label, f"{row.name} at {row.size}", words, time)
        for row, time, words, _ in _bars(workload, rows)
    ]


def _inline(chart: Chart, mark: str) -> Markup:
    """The drawing as a part of the page; an SVG brings its own words for those who do not see it.

    ``mark`` goes before its ids, which are the same in every drawing.
    """
    if chart.file.startswith(b"\x89PNG"):
        data = b64encode(chart.file).decode()
        return Markup('<img alt="{}" src="data:image/png;base64,{}">').format(visible(chart.words), data)
    text = _TAG.sub(lambda tag: _ID.sub(rf"\g<1>{mark}-", tag[0]), chart.file.decode())
    # Without what only a file of its own begins with; drawn by us, with every text escaped.
    return Markup('<svg role="img"' + text[text.index("<svg") + 4 :])  # noqa: S704
