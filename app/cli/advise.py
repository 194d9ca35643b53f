"""``advise``: what a session means for somebody who has to choose."""

import textwrap
from pathlib import Path

from app.cli.baseline import check_measured
from app.cli.output import print_json, say
from app.core.session import Session
from app.findings.advice import Advice, AdviceKind, advise
from app.findings.rows import rows
from app.storage.files import load
from app.workloads import workloads

SHORT = (AdviceKind.CHOICE, AdviceKind.LIBRARY)
MOST = 8
"""Sentences after a run; ``advise`` has the others."""


def advise_command(path: Path, baseline: str | None, margin: float, as_json: bool) -> None:
    """Print every sentence."""
    session = load(path)
    check_measured([session], baseline)
    found = advise(rows(session, workloads(), baseline), margin)
    if as_json:
        print_json(found)
        return
    kind: AdviceKind | None = None
    for advice in found:
        if advice.kind is not kind:
            kind = advice.kind
            say(f"{kind.value}:")
        _print(advice)
    if not found:
        say("no advice: nothing in this session can be compared")


def print_short(session: Session) -> None:
    """The choices, after a run that has told the rest in tables."""
    found = [advice for advice in advise(rows(session, workloads())) if advice.kind in SHORT]
    if found:
        say("advice:")
    for advice in found[:MOST]:
        _print(advice)
    if len(found) > MOST:
        say(f"  and {len(found) - MOST} more: kernelscope advise SESSION")


def _print(advice: Advice) -> None:
    lines = textwrap.wrap(
        advice.text, 110, initial_indent="  ", subsequent_indent="    ", break_long_words=False
    )
    for line in lines:
        say(line)
