"""The report for bugs tells all about the machine and nothing about its user."""

import getpass
import os
import platform
from pathlib import Path

import pytest

from app.core.target import Feature, FeatureState
from app.storage import diagnostics
from app.storage.diagnostics import report, settings_file, without_names
from app.storage.folders import log_file
from tests.findings.test_rows import target


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with settings and a log that give its owner away."""
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(getpass, "getuser", lambda: "ada.l")
    monkeypatch.setattr(platform, "node", lambda: "adas-laptop")
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('[General]\nfolder="/srv/ada.l/secret/project"\ntheme="dark"\n')
    log_file().write_text(
        f"refused: {tmp_path}/papers/draft.json: not a session\n"
        "C:\\Users\\ada.l\\Documents\\b.json: damaged\nada.l on adas-laptop\n"
        "file:///mnt/usb/diary/a.json /usr/lib/libvulkan.so\n"
    )
    return tmp_path


def test_nothing_gives_the_user_away(home: Path) -> None:
    gpu = target("a", target("b").runtime, Feature("shader-f16", FeatureState.MISSING))
    text = report([gpu], {"wgpu": "1.2.3"}, ["webgpu: a note"])
    for secret in ("ada", "secret", "papers", "Documents", "diary", str(home)):
        assert secret not in text, secret
    for known in (
        "wgpu 1.2.3",
        "a: A; a; Vulkan; driver",
        "missing: shader-f16",
        "webgpu: a note",
        'theme="dark"',
    ):
        assert known in text, known
    for kept in ("draft.json: not a session", "b.json: damaged", "USER on HOST", "/usr/lib/libvulkan.so"):
        assert kept in text, kept


def test_a_home_at_the_root_garbles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container, where the user has none, and the program was started there."""
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    monkeypatch.chdir("/")
    for text in ("/usr/lib/libvulkan.so: 3/4 of f32/f16 on 2026/11/28", "ratio 1/2, and/or"):
        assert without_names(text) == text
    assert without_names("/srv/work/a.json") == "…/a.json"


def test_variables_tell_of_no_folder_and_ours_of_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "VK_DRIVER_FILES": "/home/quiet place/x.json:/srv/quiet:quiet:/usr/share/vulkan/y.json",
        "LD_LIBRARY_PATH": f"/quiet:/srv/quiet/lib:{home}/quiet:/usr/lib/../../quiet:/opt/driver",
        "MESA_SHADER_CACHE_DIR": "quiet",
        "QT_QPA_PLATFORM": "vnc:file=/srv/quiet/secret",
        "KERNELSCOPE_BROWSER_DOOR": "41001 quiet",
        "KERNELSCOPE_ANYTHING": "quiet",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    text = report([], {})
    assert "quiet" not in text
    assert "LD_LIBRARY_PATH=…/:…/:…/:…/:/opt/driver\n" in text
    assert "VK_DRIVER_FILES=…/x.json:…/:…/:/usr/share/vulkan/y.json\n" in text
    assert "KERNELSCOPE_BROWSER_DOOR is set\n" in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("failed: /home/a b/c d/x.json: no", "failed: …/x.json: no"),
        ("/usr/bin/foo /srv/secret dir/x y", "/usr/bin/foo …/x y"),
        ("/usr/bin/python wrote my secret/x.json", "/usr/bin/python …/x.json"),
        ("/usr/lib:/srv/secret/x", "/usr/lib:…/x"),
        ("see https://docs.example/x/y", "see https://docs.example/x/y"),
        (r"C:\Users\Some Body\x.json", "…/x.json"),
        (r"\\server\secret share\x.json", "…/x.json"),
        ("/library/secret/x", "…/x"),
        ("~other/secret/x", "…/x"),
    ],
)
def test_paths_are_shortened_wherever_they_stand(text: str, shown: str) -> None:
    assert without_names(text) == shown


def test_a_pipe_in_the_place_of_the_log_is_not_waited_for(home: Path) -> None:
    log_file().unlink()
    os.mkfifo(log_file())
    assert "no regular file" in report([], {})


def test_names_within_words_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "max")
    assert without_names("maxBufferSize of max, f32/f16") == "maxBufferSize of USER, f32/f16"


def test_drivers_and_what_they_lack_are_listed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad, odd = (home / name for name in ("good.json", "bad.json", "odd.json"))
    (home / "lib.so").touch()
    good.write_text('{"ICD": {"library_path": "./lib.so"}}')
    bad.write_text('{"ICD": {"library_path": "./gone.so"}}')
    odd.write_text("no json")
    monkeypatch.setenv("VK_DRIVER_FILES", f"{good}:{bad}:{odd}")
    monkeypatch.setattr(diagnostics, "EGL_FOLDERS", ())
    text = report([], {})
    assert "~/good.json: ./lib.so\n" in text
    assert "~/bad.json: ./gone.so (missing)" in text
    assert "~/odd.json: it is no JSON" in text


def test_only_the_end_of_a_long_log_is_taken(home: Path) -> None:
    log_file().write_text("early\n" + "x" * (1 << 20) + "\nlate\n")
    text = report([], {})
    assert "late" in text
    assert "early" not in text
    assert len(text) < 200_000


def test_where_nothing_is_nothing_breaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, "/dev/null/none")
    monkeypatch.chdir(tmp_path)
    assert "no engine answered" in report([], {})
