"""``diagnose``: what a bug report needs."""

from pathlib import Path

from app.cli.output import say, say_text
from app.core.events import Log, TargetsFound
from app.core.foreign import first_line
from app.core.target import Target
from app.storage.diagnostics import report
from app.storage.files import check_writable, write_atomically
from app.worker.supervisor import Supervisor


def diagnose_command(out: Path | None) -> None:
    """Print the report, or write it to ``out``.

    Raises:
        KernelscopeError: ``out`` cannot be written.
    """
    if out:
        check_writable(out)
    supervisor = Supervisor()
    targets: list[Target] = []
    versions: dict[str, str] = {}
    notes: list[str] = []
    try:
        for event in supervisor.find_targets():
            if isinstance(event, TargetsFound):
                targets += event.targets
                versions |= event.versions
                notes += event.notes
            elif isinstance(event, Log):
                notes.append(f"{event.level}: {first_line(event.text)}")
    finally:
        supervisor.close()
    text = report(targets, versions, notes)
    if out is None:
        say_text(text)
        return
    write_atomically(out, text.encode())
    say(f"wrote {out}: please read it before you send it to anybody")
