"""Reports of a session for people: Markdown, and HTML that needs nothing beside itself."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import msgspec
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from app.core import units
from app.core.advice import advise
from app.core.rows import Row
from app.core.session import Session
from app.storage.tables import human, markdown_text


def of_workload(session: Session, workload: str) -> Session:
    """The part of a session that is about one workload."""
    plan = msgspec.structs.replace(
        session.plan, cases=tuple(case for case in session.plan.cases if case.workload == workload)
    )
    own = tuple(m for m in session.measurements if m.case.workload == workload)
    return msgspec.structs.replace(session, plan=plan, measurements=own)


def markdown_report(session: Session, rows: Sequence[Row], baseline: str) -> str:
    """Machine, advice and a table per workload; text of the session cannot become markup that does harm."""
    host = session.host
    lines = [
        f"# Kernelscope report, {session.created[:10]}",
        "",
        f"{_plain(host.processor or host.system)}, {host.cores} cores, {units.bytes_(host.memory)}; "
        f"{_plain(host.system)}; Kernelscope {_plain(session.app_version)}.",
        "",
        "| target | driver | kind |",
        "| --- | --- | --- |",
        *(f"| {_plain(t.label)} | {_plain(t.driver)} | {_plain(t.kind)} |" for t in session.targets),
        "",
    ]
    advice = [f"- {_plain(one.text)}" for one in advise(rows)]
    if advice:
        lines += ["## Advice", "", *advice, ""]
    for workload in dict.fromkeys(row.variant.workload for row in rows):
        own = [row for row in rows if row.variant.workload == workload]
        title = f"## {_plain(workload)}: speedup over {_plain(baseline)}, with its 95 % interval"
        lines += [title, "", _plain(markdown_text(own)), ""]
    return "\n".join(lines).rstrip() + "\n"


def _plain(text: str) -> str:
    """Markdown lets HTML through, so the characters that begin it are written as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def html_report(
    session: Session, rows: Sequence[Row], baseline: str, charts: Mapping[str, bytes], title: str
) -> str:
    """One file: charts (SVG by workload), tables, advice, hardware and kernel texts.

    Everything from the session is escaped, in the charts by who drew them, and the page's own policy forbids
    scripts and anything from elsewhere.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string(files("resources").joinpath("report.html").read_text("utf-8"))
    used = {row.measurement.kernel: row for row in reversed(rows) if row.measurement.kernel}
    return template.render(
        title=title,
        session=session,
        baseline=baseline,
        memory=units.bytes_(session.host.memory),
        advice=advise(rows),
        workloads=[
            {
                "name": workload,
                "chart": _inline(charts[workload]) if workload in charts else "",
                "rows": [human(row) for row in rows if row.variant.workload == workload],
            }
            for workload in dict.fromkeys(row.variant.workload for row in rows)
        ],
        kernels=[
            (row.measurement.case, session.kernels[key])
            for key, row in used.items()
            if key in session.kernels
        ][::-1],
    )


def _inline(svg: bytes) -> Markup:
    """The drawing without what only a file of its own begins with."""
    text = svg.decode()
    return Markup(text[text.index("<svg") :])  # noqa: S704  drawn by us, with every text escaped
