"""Many sessions at once: read once, counted once, and what wins where, with outliers set aside."""

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from app.charts.gathered import gathered_grid
from app.core.errors import KernelscopeError
from app.core.measurement import Status
from app.core.session import Session
from app.findings.gathered import Filter, Gathered, gathered
from app.storage.files import SUFFIX
from app.storage.gathered_page import gathered_html
from app.storage.gathering import gather_points
from tests.findings.test_rows import measured, session


def one(gpu: str, fast: float, day: int = 1, driver: str = "1.0", version: str = "0.1.0") -> Session:
    """``fast`` seconds of a kernel whose baseline takes 0.4, on a GPU."""
    made = session(measured("a", "f32", 0.4), measured("a", "fast", fast))
    targets = tuple(
        structs.replace(t, name=gpu, kind="Discrete GPU", driver=driver, backend="Vulkan")
        for t in made.targets
    )
    return structs.replace(made, targets=targets, created=f"2026-11-{day:02}T00:00:00Z", app_version=version)


def write(folder: Path, name: str, own: Session) -> Path:
    path = folder / f"{name}{SUFFIX}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(own))
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight sessions on one GPU, where fast wins but once; three on another, where it loses."""
    for i in range(8):
        write(tmp_path / "s", f"a{i}", one("Alpha", 0.2 * (1 + 0.01 * i), 1 + i, "1.0" if i < 4 else "2.0"))
    for i in range(3):
        write(tmp_path / "s" / "deep", f"b{i}", one("Beta", 0.8, 20 + i, version="0.2.0"))
    return tmp_path / "s"


def look(folder: Path, **wanted: str) -> Gathered:
    return gathered(gather_points([folder], folder.parent / "index.sqlite3"), Filter(**wanted))


def test_it_says_what_wins_on_which_hardware_in_how_many_sessions(folder: Path) -> None:
    found = look(folder)
    alpha, beta = (found.winner(name) for name in ("Alpha (Vulkan)", "Beta (Vulkan)"))
    assert (alpha.variant, alpha.wins, alpha.count) == ("fast", 8, 8)
    assert alpha.median == pytest.approx(2 / 1.035, rel=0.01)
    assert alpha.low is not None
    assert alpha.low < alpha.median
    assert (beta.variant, beta.wins, beta.count, beta.low) == ("f32", 3, 3, None)
    assert found.sessions == 11
    assert found.dates == ("2026-11-01", "2026-11-22")


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"since": "2026-11-05"}, 7),
        ({"since": "2026-11", "until": "2026-11-08"}, 8),
        ({"driver": "2.*"}, 4),
        ({"version": "0.2*"}, 3),
        ({"hardware": "beta*"}, 3),
        ({"workload": "matvec", "size": "100x50"}, 11),
    ],
)
def test_filters_leave_what_they_name(folder: Path, wanted: dict[str, str], count: int) -> None:
    assert look(folder, **wanted).sessions == count


def test_what_no_filter_lets_through_is_said(folder: Path) -> None:
    with pytest.raises(KernelscopeError, match="no session is left"):
        look(folder, since="2027")
    with pytest.raises(KernelscopeError, match="no size '7'; there are: 100x50"):
        look(folder, size="7")


def test_an_outlier_is_set_aside_with_its_file_and_reason(folder: Path) -> None:
    path = write(folder, "odd", one("Alpha", 0.02, 9))
    for i in range(4):
        write(folder, f"more{i}", one("Alpha", 0.2, 10 + i))
    (aside,) = look(folder).aside
    assert aside.path == str(path)
    assert aside.what == "fast on Alpha (Vulkan)"
    assert aside.reason.startswith("20.0×, where 8 others lie between")
    assert look(folder).winner("Alpha (Vulkan)").count == 12


def test_the_same_session_twice_counts_once_and_damaged_files_are_named(folder: Path) -> None:
    write(folder, "copy", one("Beta", 0.8, 20, version="0.2.0"))
    (folder / f"broken{SUFFIX}").write_text("{")
    (folder / f"forged{SUFFIX}").write_bytes(
        msgspec.json.encode(one("Alpha", 0.2, 30)).replace(b"0.2", b"1e99")
    )
    (folder / f"packed{SUFFIX}.gz").write_bytes(gzip.compress(msgspec.json.encode(one("Gamma", 0.1, 29))))
    found = look(folder)
    assert found.sessions == 12
    reasons = {Path(path).name.partition(".")[0]: reason for path, reason in found.left}
    assert set(reasons) == {"copy", "broken", "forged"} or set(reasons) == {"b0", "broken", "forged"}
    assert any("the same as" in reason for reason in reasons.values())


def test_a_file_is_read_once_until_it_changes(folder: Path) -> None:
    index = folder.parent / "index.sqlite3"
    read: list[int] = []
    gather_points([folder], index, lambda count, of: read.append(of))
    assert read == [11] * 11
    read.clear()
    write(folder, "new", one("Alpha", 0.2, 15))
    gather_points([folder], index, lambda count, of: read.append(of))
    assert read == [1]


def test_an_index_that_is_none_is_begun_anew(folder: Path) -> None:
    (folder.parent / "index.sqlite3").write_bytes(b"nothing of ours" * 100)
    assert look(folder).sessions == 11


def test_texts_of_somebodys_own_and_failures_do_not_count(tmp_path: Path) -> None:
    own = one("Alpha", 0.2)
    failed = tuple(structs.replace(m, status=Status.FAILED, samples=()) for m in own.measurements)
    write(tmp_path / "s", "failed", structs.replace(own, measurements=failed))
    points = gather_points([tmp_path / "s"], tmp_path / "index")
    assert not points.sessions
    assert [reason for _, reason in points.left] == ["nothing in it has a result"]


def test_the_picture_has_a_cell_per_variant_and_hardware(folder: Path) -> None:
    picture = gathered_grid(look(folder))
    assert [name for _, name in picture.y.ticks] == ["Alpha (Vulkan) · 8", "Beta (Vulkan) · 3"]
    won = {cell.spot.note.partition(":")[0] for cell in picture.cells if cell.marked}
    assert won == {"fast on Alpha (Vulkan)", "f32 on Beta (Vulkan)"}
    assert all("nan" not in cell.text and "inf" not in cell.text for cell in picture.cells)


def test_the_page_is_one_file_without_folders_and_without_markup_of_others(folder: Path) -> None:
    write(folder, "odd", one("<script>alert(1)</script>", 0.2, 25))
    (folder / f"broken{SUFFIX}").write_text("{")
    page = gathered_html(look(folder))
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert str(folder) not in page
    assert "broken" in page
    assert "default-src 'none'" in page


def test_machines_of_a_fleet_are_hardware_of_their_own(tmp_path: Path) -> None:
    from tests.fleet.test_session import fleet_session

    write(tmp_path / "s", "fleet", fleet_session())
    found = gathered(gather_points([tmp_path / "s"], tmp_path / "index"), Filter())
    assert any("Zen 5" in name for name in found.hardware)
    assert any("Core Ultra" in name for name in found.hardware)


def test_the_command_prints_and_writes_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.gather import Wanted, gather_command

    page = folder.parent / "page.html"
    gather_command([folder], Filter(), Wanted(html=page))
    text = capsys.readouterr().out
    assert "Alpha (Vulkan)" in text
    assert "2 kinds of hardware" in text
    assert page.read_text().startswith("<!DOCTYPE html>")
    gather_command([folder], Filter(), Wanted(json=True))
    assert json.loads(capsys.readouterr().out)["sessions"] == 11
