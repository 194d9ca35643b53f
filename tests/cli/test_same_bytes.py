"""One session gives the same bytes in every file and sentence, whatever process writes them."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from app.charts.modes import MODES
from app.cli.export import Wanted
from app.core.session import Session
from app.core.shape import Shape
from app.storage.files import save
from tests.charts.made import TIED, both_compilers, both_sides, suspended, threaded, tuned, with_outliers
from tests.conftest import ROOT
from tests.gui.made import BARE, FULL, NATIVE, WASM, session

CUBES = (Shape(128, 2048, 2048), Shape(2048, 128, 2048), Shape(2048, 2048, 128), Shape(1024, 1024, 512))

SESSIONS: dict[str, Callable[[], Session]] = {
    "sides": lambda: both_sides(TIED),
    "many": lambda: session((FULL, BARE, WASM, NATIVE), shapes=TIED),
    "outliers": lambda: with_outliers(TIED),
    "compilers": lambda: both_compilers(TIED),
    "threads": lambda: threaded(CUBES),
    "suspended": suspended,
    "tuned": tuned,
}

FILES = [name for name in Wanted.__struct_fields__ if name not in ("charts", "look")]

SCRIPT = """
import sys
from contextlib import redirect_stdout
from pathlib import Path

from app.cli.commands import app
from app.core.errors import KernelscopeError

here, there, files, kinds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3].split(), sys.argv[4].split()

def call(name, *words):
    with (there / name).open("w") as out, redirect_stdout(out):
        try:
            app([str(word) for word in words], standalone_mode=False)
        except KernelscopeError as error:
            print(error)

sessions = sorted(here.iterdir())
for path in sessions:
    name = path.name.partition(".")[0]
    options = [f"--{file.replace('_', '-')}={there / name}.{file}" for file in files]
    call(f"{name}.export", "export", path, *options)
    for kind in kinds:
        call(f"{name}.{kind}", "export", path, f"--kind={kind}", f"--svg={there / name}-{kind}.svg")
    pictures = [f"--{suffix}={there / name}.{suffix}" for suffix in ("png", "pdf")]
    call(f"{name}.pictures", "export", path, *pictures, "--scale=1")
    for command in ("advise", "compare"):
        call(f"{name}.{command}.txt", command, path)
        call(f"{name}.{command}.json", command, path, "--json")
pairs = [path for path in sessions if path.name.partition(".")[0] in ("sides", "many", "outliers")]
call("all.txt", "compare", *pairs, f"--chart={there / 'compared.svg'}")
call("all.json", "compare", *pairs, "--json")
call("hardware.txt", "compare", *pairs, "--hardware")
"""


def written(sessions: Path, there: Path, seed: int) -> dict[str, bytes]:
    """All that a process of this seed writes about the sessions."""
    there.mkdir()
    names = " ".join(mode.name for mode in MODES)
    subprocess.run(
        [sys.executable, "-c", SCRIPT, sessions, there, " ".join(FILES), names],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed)},
        check=True,
        timeout=300,
    )
    return {path.name: path.read_bytes().replace(bytes(there), b"FOLDER") for path in sorted(there.iterdir())}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("same")
    (folder / "sessions").mkdir()
    for name, make in SESSIONS.items():
        save(
            structs.replace(make(), created="2026-01-02T03:04:05Z"),
            folder / f"sessions/{name}.kernelscope.json",
        )
    one, other = (written(folder / "sessions", folder / str(seed), seed) for seed in (1, 2))
    return one, other


def test_every_process_writes_the_same(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    one, other = both
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def test_nothing_was_left_out(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    one, _ = both
    assert {f"{name}.{file}" for name in SESSIONS for file in FILES} <= one.keys()
    assert {mode.name for mode in MODES} == {
        name.rpartition("-")[2].removesuffix(".svg") for name in one if "-" in name and name.endswith(".svg")
    }
    assert b"FOLDER" in one["sides.export"]
    for name in ("sides.png", "sides.pdf", "sides.html", "sides.markdown", "many.advise.txt", "compared.svg"):
        assert len(one[name]) > 1000, name
    assert b"at 256x4096, 512x2048, 1024x1024" in one["many.advise.txt"]


def test_a_document_bears_the_date_of_its_session(both: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
    document = both[0]["sides.pdf"]
    assert document.count(b"(D:20260102030405Z)") == 2
    assert document.count(b'Date="2026-01-02T03:04:05+00:00"') == 3
