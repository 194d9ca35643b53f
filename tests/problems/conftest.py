"""Problems are known by name in the whole process: each test begins and ends without any."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.problems import registry
from app.storage.problem_files import write_example

FOLDERS = Path(__file__).parent / "folders"


@pytest.fixture(autouse=True)
def _none_open() -> Iterator[None]:
    before = dict(registry._known)
    registry._known.clear()
    yield
    registry._known.clear()
    registry._known.update(before)


@pytest.fixture
def saxpy(tmp_path: Path) -> Path:
    """The worked example."""
    folder = tmp_path / "mysaxpy"
    write_example(folder)
    return folder


@pytest.fixture
def copied(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of one of the test's problems, to be changed."""
    return lambda name: Path(shutil.copytree(FOLDERS / name, tmp_path / name))


def change(path: Path, *pairs: tuple[str, str]) -> None:
    """Replace text that is there."""
    text = path.read_text()
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)
