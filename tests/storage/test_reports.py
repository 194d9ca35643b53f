"""Reports hold what a session says and nothing that it does: its texts may come from anywhere."""

import os
import re
import subprocess
from io import BytesIO
from pathlib import Path

import msgspec
from pypdf import PdfReader

from app.core.measurement import Measurement
from app.core.session import KernelText, Session
from app.findings.rows import rows
from app.gui.charts.document import report_pdf
from app.gui.charts.report import report_charts
from app.storage.reports import heading, html_report, markdown_report
from app.storage.shipped import example
from app.workloads import workloads
from tests.charts.made import both_compilers, both_sides, suspended, threaded, tuned
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
    return html_report(session, found, "f32", report_charts(session, found, "f32"), f"Report {EVIL}")


def test_html_has_everything_and_nothing_runs() -> None:
    text = report(evil_session())
    assert "<script" not in text
    assert not re.search(r"<[^>]*onerror", text)
    assert text.count("<svg") == text.count("<figure ") > 5
    assert text.count("fn main()") == 1
    assert "u8-dot4" in text
    assert "4.00× faster" in text
    assert not re.search(r"(src|href)=", text.replace("src=x", ""))


def test_a_report_has_every_picture_of_its_session() -> None:
    for session, titles in (
        (both_sides(), ("Size", "Bars", "Heat map", "Roofline", "Accuracy", "Crossover", "Samples")),
        (threaded(), ("Threads",)),
        (suspended(), ("Suspension",)),
        (both_compilers(), ("Compilers",)),
        (tuned(), ("Tune",)),
    ):
        (charts,) = report_charts(session, rows(session, workloads()), "f32").values()
        drawn = [chart.title.partition(",")[0] for chart in charts]
        assert set(titles) <= set(drawn)
        assert "Live" not in drawn
        text = html_report(session, rows(session, workloads()), "f32", {"matvec": charts}, "Report")
        assert text.count("<svg") == len(charts) + 1  # the first once more, for narrow pages
        assert (
            len(re.findall(r'<svg role="img"[^>]*>\s*<title>[^<]+</title>\s*<desc>[^<]+</desc>', text))
            == len(charts) + 1
        )


def test_no_two_drawings_share_an_id() -> None:
    twin = msgspec.structs.replace(made.BARE, id="twin", label="Twin")
    session = made.session((made.BARE, twin))  # of each a heat map, hatched where it has no result
    found = rows(session, workloads())
    text = html_report(session, found, "f32", report_charts(session, found, "f32"), "Report")
    ids = re.findall(r' id="([^"]+)"', text)
    assert sum("pattern" in id for id in ids) > 2
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_pictures_of_one_target_come_for_each_and_are_folded() -> None:
    session = made.session()
    (charts,) = report_charts(session, rows(session, workloads()), "f32").values()
    cubes = [chart for chart in charts if chart.title.startswith("Heat map")]
    assert [chart.title for chart in cubes[:2]] == ["Heat map, Full (Vulkan)", "Heat map, Bare (OpenGL)"]
    assert [chart.folded for chart in cubes] == [False] + [True] * (len(cubes) - 1)


def test_a_picture_of_thousands_of_points_is_pixels() -> None:
    def long(m: Measurement) -> Measurement:
        return msgspec.structs.replace(m, samples=m.samples * 20)

    session = made.session((made.FULL,), spoil=long)
    (charts,) = report_charts(session, rows(session, workloads()), "f32").values()
    samples = next(chart for chart in charts if chart.title.startswith("Samples"))
    assert samples.file.startswith(b"\x89PNG")
    text = html_report(session, rows(session, workloads()), "f32", {"matvec": [samples]}, "Report")
    assert "Matrix-vector product y = A x: samples" in text
    assert 'src="data:image/png;base64,' in text
    assert len(text) < 1_000_000


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
    assert shown.count("<svg") > 5
    assert shown.count("<path") > 5
    assert shown.count("<tr>") >= 30
    assert "</footer>" in shown


def test_markdown_has_machine_advice_and_tables() -> None:
    session = made.session()
    text = markdown_report(session, rows(session, workloads()), "f32")
    assert text.startswith("# Kernelscope report, 2026-11-03\n")
    assert "- matvec on Full (Vulkan) at 64 to 256: use u8-dot4: 4.00× faster" in text
    assert "| Full (Vulkan) | u8-dot4 | 256 | ok |" in text
    evil = evil_session()
    text = markdown_report(evil, rows(evil, workloads()), "f32")
    assert "<script" not in text
    assert "<img" not in text


def test_a_report_opens_with_the_finding_and_is_small_enough_to_send(tmp_path: Path) -> None:
    session = example()
    base = session.plan.baseline
    found = rows(session, workloads(), base)
    text = html_report(session, found, base, report_charts(session, found, base), heading(session))
    assert len(text.encode()) < 1_000_000
    body = text.partition("<body>")[2]
    first = body.index("<figure")
    assert re.search(r"<h1>u8-dot4 is [\d.]+–[\d.]+× faster", body[:first])
    assert body.index("<details") > first, "one figure stands open, and is the first"
    assert body.count('<figure class="scroll"') == body.count("<svg") + body.count("<img") - 2
    assert "Left out, to keep this file small:" in body
    # Real hardware comes before GPUs that are software, and a fast engine before a slow one.
    ranking = re.findall(r"<tr><td>([^<]+)</td>", body.partition("Advice")[0])
    assert ranking[:3] == ["wasmtime", "V8", "NumPy"]
    assert ranking.index("llvmpipe (OpenGL)") > 2

    data = report_pdf(session, found, base)
    pages = PdfReader(BytesIO(data)).pages
    assert 2 <= len(pages) <= 6
    said = [" ".join(page.extract_text().split()) for page in pages]
    assert "u8-dot4 is" in said[0]
    assert "Fastest on each target: matvec" in " ".join(said)
    assert not re.search(rb"gs\s+h\s", pages[0].get_contents().get_data()), "a path without a point"
