"""What Vulkan's loader would list: every variable and folder that leads to a driver or a layer."""

import json
import os
from pathlib import Path

import pytest

from app.worker import loader
from app.worker.loader import driver_fault, drivers, joined, layers

HOMES = ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "XDG_DATA_HOME", "XDG_DATA_DIRS")


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """An environment whose folders are all of the test's own."""
    return {name: str(tmp_path / name.lower()) for name in HOMES}


def put(folder: str | Path, name: str, content: object = "") -> str:
    """A manifest in a folder; its path."""
    path = Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def own(files: list[str], tmp_path: Path) -> list[str]:
    """Without what the system under the test has in folders that no variable moves."""
    return [file for file in files if file.startswith(str(tmp_path))]


def test_every_folder_is_searched_in_the_loaders_order(home: dict[str, str], tmp_path: Path) -> None:
    expected = [put(f"{home[name]}/vulkan/icd.d", "a.json") for name in HOMES]
    put(f"{home['XDG_DATA_HOME']}/vulkan/icd.d", "readme.txt")
    assert own(drivers(home), tmp_path) == expected
    bare = {"HOME": str(tmp_path / "me")}
    mine = [put(tmp_path / f"me/{folder}/vulkan/icd.d", "m.json") for folder in (".config", ".local/share")]
    assert own(drivers(bare), tmp_path) == mine


@pytest.mark.parametrize("name", loader.FILES)
def test_variables_name_files_and_folders_in_the_place_of_all_others(
    name: str, home: dict[str, str], tmp_path: Path
) -> None:
    put(f"{home['XDG_DATA_HOME']}/vulkan/icd.d", "other.json")
    one, two, three = put(tmp_path, "x.json"), put(tmp_path / "f", "b.json"), put(tmp_path / "f", "a.json")
    value = os.pathsep.join([one, str(tmp_path / "f"), "", one, loader.NONE])
    assert drivers({**home, name: value, loader.ADDED: "/never.json"}) == [one, three, two]


def test_the_newer_variable_holds_and_added_files_come_first(home: dict[str, str], tmp_path: Path) -> None:
    both = dict(zip(loader.FILES, ("/new.json", "/old.json"), strict=True))
    assert drivers({**home, **both}) == ["/new.json"]
    usual, extra = put(f"{home['XDG_DATA_HOME']}/vulkan/icd.d", "u.json"), put(tmp_path, "e.json")
    assert own(drivers({**home, loader.ADDED: extra}), tmp_path) == [extra, usual]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({loader.SELECT: "*LVP*,nothing"}, ["/a/lvp.json"]),
        ({loader.DISABLE: "*lvp*"}, ["/a/radeon.json"]),
        ({loader.DISABLE: "*", loader.SELECT: "radeon*"}, ["/a/radeon.json"]),
        ({}, ["/a/lvp.json", "/a/radeon.json"]),
    ],
)
def test_the_loaders_filters_are_heeded(filters: dict[str, str], left: list[str]) -> None:
    assert drivers({"VK_DRIVER_FILES": "/a/lvp.json:/a/radeon.json", **filters}) == left


FAULTS = [
    ("{ broken", "it is no JSON"),
    ("[" * 100_000, "it is no JSON"),
    ("[]", "it names no library"),
    ('{"ICD": 3}', "it names no library"),
    ('{"ICD": {"library_path": ""}}', "it names no library"),
    ('{"ICD": {"library_path": "./gone.so"}}', "its library ./gone.so is missing"),
    ('{"ICD": {"library_path": "./text.so"}}', "its library ./text.so is none for this program"),
    ('{"ICD": {"library_path": "./other.so"}}', "its library ./other.so is none for this program"),
    (" " * (loader.LARGEST + 1), "it is larger than 1 MiB"),
    ('\ufeff{"ICD": {"library_path": "libvulkan_lvp.so"}}', ""),
    ('{"ICD": {"library_path": "./here.so"}} and more, which the loader does not read', ""),
]


@pytest.mark.skipif(not Path("/proc/self/exe").exists(), reason="programs of Linux")
@pytest.mark.parametrize(("text", "why"), FAULTS, ids=range(len(FAULTS)))
def test_a_manifest_that_is_none_says_why(text: str, why: str, tmp_path: Path) -> None:
    own = bytearray(Path("/proc/self/exe").read_bytes()[:64])
    (tmp_path / "here.so").write_bytes(own)
    own[18] ^= 1  # another processor's
    (tmp_path / "other.so").write_bytes(own)
    put(tmp_path, "text.so", "text")
    found = driver_fault(put(tmp_path, "x.json", text))
    assert found.startswith(why)
    assert bool(found) == bool(why)


@pytest.mark.skipif(os.name != "posix", reason="pipes in folders")
def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert driver_fault(str(tmp_path / "pipe.json")) == "no regular file"
    assert driver_fault(str(tmp_path / "gone.json")) == "No such file or directory"
    assert "null" in driver_fault("a\0.json")


def test_layers_come_with_what_switches_them_off(home: dict[str, str], tmp_path: Path) -> None:
    folder = f"{home['XDG_DATA_HOME']}/vulkan/implicit_layer.d"
    one = {"name": "ONE", "library_path": "x.so", "disable_environment": {"NO_ONE": "1"}}
    file = put(folder, "a.json", {"layers": [one, {"name": "TWO"}, {"nameless": 1}, 7]})
    odd = put(folder, "odd.json", {"layer": {"name": "ODD", "disable_environment": 5}})
    named = {"VK_INSTANCE_LAYERS": "VK_LAYER_X"}
    found = [(e.name, e.off) for e in layers({**home, **named}) if not e.name.startswith(("/usr", "/etc"))]
    assert found == [
        ("VK_INSTANCE_LAYERS=VK_LAYER_X", {"VK_INSTANCE_LAYERS": ""}),
        (file, {loader.LAYERS_OFF: "ONE", "NO_ONE": "1"}),
        (file, {loader.LAYERS_OFF: "TWO"}),
        (odd, {loader.LAYERS_OFF: "ODD"}),
    ]
    off = joined([off for _, off in found])
    assert off == {"VK_INSTANCE_LAYERS": "", loader.LAYERS_OFF: "ONE,TWO,ODD", "NO_ONE": "1"}


def test_a_layer_that_cannot_be_read_is_passed_by_with_its_folder(
    home: dict[str, str], tmp_path: Path
) -> None:
    """Some loaders give up altogether at such a file, whatever is switched off."""
    shared = [str(tmp_path / name) for name in ("first", "second", "third")]
    home["XDG_DATA_DIRS"] = os.pathsep.join(shared)
    bad = [put(f"{home['XDG_DATA_HOME']}/vulkan/implicit_layer.d", "x.json", "{ broken")]
    bad += [put(f"{folder}/vulkan/implicit_layer.d", "x.json", "{ broken") for folder in shared[:2]]
    found = [layer for layer in layers(home) if layer.name in bad]
    assert [layer.name for layer in found] == bad
    off = joined([layer.off for layer in found])
    assert off == {"XDG_DATA_HOME": loader.NONE, "XDG_DATA_DIRS": shared[2]}
    assert not [layer for layer in layers({**home, **off}) if layer.name in bad]
