"""The machine that a session names, on systems that tell more of it and less."""

import builtins
import platform
from collections.abc import Callable
from typing import Any

import pytest

from app.core.session import Host
from app.worker.host import describe_host, processor


@pytest.fixture
def without_cpuinfo(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows and macOS."""
    there: Callable[..., Any] = builtins.open

    def absent(file: Any, *more: Any, **named: Any) -> Any:
        if file == "/proc/cpuinfo":
            raise FileNotFoundError(2, "No such file or directory", file)
        return there(file, *more, **named)

    monkeypatch.setattr(builtins, "open", absent)
    processor.cache_clear()
    yield
    processor.cache_clear()


@pytest.mark.usefixtures("without_cpuinfo")
@pytest.mark.parametrize(("told", "known"), [("Apple M9", "Apple M9"), ("", "arm64")])
def test_a_system_without_cpuinfo_has_the_platforms_word(
    told: str, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "processor", lambda: told)
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    host = describe_host({"b": "2", "a": "1"})
    assert isinstance(host, Host)
    assert host.processor == known
    assert host.system.endswith(" arm64")
    assert list(host.versions) == ["a", "b"]
    assert host.memory > 1 << 20
    assert 1 <= host.cores <= host.all_cores


@pytest.mark.skipif(platform.system() != "Linux", reason="reads /proc/cpuinfo")
def test_linux_tells_the_name_on_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    if not names:
        pytest.skip("this processor has no name")
    processor.cache_clear()
    assert processor() == names[0]
