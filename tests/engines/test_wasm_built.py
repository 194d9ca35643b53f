"""The modules that are shipped built: they are what their texts say, and what the variants render."""

import shutil
from pathlib import Path

import pytest

from app.engines.wasm.assemble import built
from resources.wasm.build import HERE, build, texts


@pytest.mark.parametrize(("name", "text"), list(texts()), ids=lambda value: value.split("\n")[0][:30])
def test_the_built_text_is_the_rendered_text(name: str, text: str) -> None:
    assert built().get(text) == (HERE / f"{name}.wasm").read_bytes(), (
        f"{name} was rendered anew: run python -m resources.wasm.build"
    )


@pytest.mark.skipif(shutil.which("wasm-as") is None, reason="binaryen's wasm-as is not installed")
def test_building_anew_gives_the_same(tmp_path: Path) -> None:
    build(tmp_path)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (HERE / file.name).read_bytes(), file.name


def test_nothing_is_shipped_that_nobody_uses() -> None:
    assert {file.stem for file in HERE.glob("*.wasm")} == {name for name, _ in texts()}
