"""Reports hold what a session says and nothing that it does: its texts may come from anywhere."""

import os
import re
import subprocess
from pathlib import Path

import msgspec

from app.core.rows import rows
from app.core.session import KernelText, Session
from app.gui.charts.export import svg_chart
from app.storage.reports import html_report, markdown_report, of_workload
from app.workloads import workloads
from tests.engines.browser import a_chromium
from tests.gui import made

EVIL = "<script>document.title='gotcha'</script><img src=x onerror=\"document.title='gotcha'\">&amp;|"


def evil_session() -> Session:
    """Every text that a session's author chooses tries to break out."""
    good = made.session()
    targets = tuple(
        msgspec.structs.replace(t, label=t.label + EVIL, driver=EVIL, name=EVIL) for t in good.targets
    )
    measurements = tuple(
        msgspec.structs.replace(m, kernel="k", reason=m.reason + EVIL if m.reason else "")
        for m in good.measurements
    )
    host = msgspec.structs.replace(good.host, processor=EVIL, system=EVIL, versions={EVIL: EVIL})
    kernels = {"k": KernelText("wgsl", f"fn main() {{ // </pre>{EVIL}\n}}")}
    return msgspec.structs.replace(
        good, targets=targets, measurements=measurements, host=host, kernels=kernels, app_version=EVIL
    )


def report(session: Session) -> str:
    found = rows(session, workloads())
    charts = {"matvec": svg_chart(of_workload(session, "matvec"), "f32")}
    return html_report(session, found, "f32", charts, f"Report {EVIL}")


def test_html_has_everything_and_nothing_runs() -> None:
    text = report(evil_session())
    assert "<script" not in text
    assert not re.search(r"<[^>]*onerror", text)
    assert text.count("<svg") == 1
    assert text.count("fn main()") == 1
    assert "u8-dot4" in text
    assert "4.00x faster" in text
    assert not re.search(r"(src|href)=", text.replace("src=x", ""))


def test_html_in_a_real_browser(tmp_path: Path) -> None:
    page = tmp_path / "report.html"
    page.write_text(report(evil_session()), encoding="utf-8")
    flags = ["--headless=new", "--disable-gpu", f"--user-data-dir={tmp_path / 'profile'}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        flags.append("--no-sandbox")
    done = subprocess.run(
        [a_chromium().path, *flags, "--dump-dom", page.as_uri()],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    shown = done.stdout
    assert "<title>Report &lt;script&gt;" in shown, done.stderr
    assert "gotcha</title>" not in shown
    assert "<script" not in shown
    assert shown.count("<svg") == 1
    assert shown.count("<path") > 5
    assert shown.count("<tr>") >= 30
    assert "</footer>" in shown


def test_markdown_has_machine_advice_and_tables() -> None:
    session = made.session()
    text = markdown_report(session, rows(session, workloads()), "f32")
    assert text.startswith("# Kernelscope report, 2026-11-03\n")
    assert "- matvec on Full (Vulkan) at 64 to 256: use u8-dot4: 4.00-4.00x faster" in text
    assert "| Full (Vulkan) | u8-dot4 | 256 | ok |" in text
    evil = evil_session()
    text = markdown_report(evil, rows(evil, workloads()), "f32")
    assert "<script" not in text
    assert "<img" not in text
