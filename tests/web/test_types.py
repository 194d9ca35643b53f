"""The types that the page's modules write in their comments hold, where a TypeScript is there to ask."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from app.storage.publish import SOURCES

HERE = Path(__file__).parent
OLDEST = 6
"""TypeScript knows WebGPU from this version on."""


@pytest.fixture(scope="module")
def tsc() -> str:
    found = shutil.which("tsc")
    if not (found and shutil.which("node")):
        pytest.skip("no TypeScript here: npm install --global typescript")
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    number = re.search(r"\d+", version)
    if not number or int(number[0]) < OLDEST:
        pytest.skip(f"TypeScript {OLDEST} or newer is needed, and this is {version.strip()}")
    return found


def check(tsc: str, config: Path) -> str:
    return subprocess.run([tsc, "-p", str(config)], capture_output=True, text=True, check=False).stdout


def test_types_hold(tsc: str) -> None:
    assert check(tsc, HERE / "tsconfig.json") == ""


def test_a_wrong_one_shows(tsc: str, tmp_path: Path) -> None:
    """In a copy of one module that asks what its types forbid."""
    for name in ("method.js", "statistics.js"):
        (tmp_path / name).write_text((SOURCES / name).read_text("utf-8"))
    with (tmp_path / "statistics.js").open("a") as file:
        file.write('\nmedian("no list");\n')
    config = (HERE / "tsconfig.json").read_text()
    (tmp_path / "tsconfig.json").write_text(re.sub(r'"include": .*', '"include": ["*.js"]', config))
    assert "TS2345" in check(tsc, tmp_path / "tsconfig.json")
