import pytest

from app.core.baseline import USUAL_BASELINE, baseline_names, check_baseline, fixed_baseline
from app.core.errors import KernelscopeError
from app.core.selection import select
from app.core.target import Runtime, Target
from app.core.variant import Variant

NAMES = ["llvmpipe-vulkan", "llvmpipe-opengl", "wasmtime", "numpy"]


def pick(*words: str) -> list[str]:
    return select(NAMES, words, lambda name: (name,), "target")


def test_words_lists_globs_and_all() -> None:
    assert pick() == pick("all") == NAMES
    assert pick("numpy,wasmtime") == ["wasmtime", "numpy"]
    assert pick("LLVM*", "numpy") == ["llvmpipe-vulkan", "llvmpipe-opengl", "numpy"]


def test_a_word_that_matches_nothing_lists_what_there_is() -> None:
    with pytest.raises(
        KernelscopeError, match=r"no target matches 'gpu'; there are: llvmpipe-vulkan, .*numpy"
    ):
        pick("gpu")


def test_of_many_names_those_most_like_the_word_are_told() -> None:
    many = [f"{storage}{way}" for storage in ("f32", "f16", "u8", "i8") for way in ("", *WAYS)]
    with pytest.raises(
        KernelscopeError,
        match=rf"the nearest of {len(many)} are: u8\+rowwise, i8\+rowwise, ([^,]+, ){{2}}[^,]+$",
    ):
        select(many, ["u8+rowise"], lambda name: (name,), "variant")
    every = [variant(name, Runtime.WGSL) for name in many]
    with pytest.raises(KernelscopeError, match=r"no such variant; the nearest of 20 are: f32\+rowwise, "):
        check_baseline([TARGET], every, "f16,f32+rowise")


WAYS = ("+rowwise", "+splitk", "+shared", "+unchecked")


def variant(name: str, runtime: Runtime) -> Variant:
    return Variant(
        workload="w",
        name=name,
        runtime=runtime,
        summary="",
        template="",
        layout="",
        storage="f32",
        compute="f32",
    )


VARIANTS = [variant("f32", Runtime.WGSL), variant("f16", Runtime.WGSL), variant("scalar", Runtime.WASM)]
TARGET = Target("numpy", "NumPy", "native", Runtime.NUMPY, "", "", "", "CPU")


def test_each_runtime_has_the_named_base_line_or_its_first_variant() -> None:
    assert baseline_names(VARIANTS, "f16") == {("w", "wgsl", "f16"), ("w", "wasm", "scalar")}
    assert baseline_names(VARIANTS, "scalar,f16") == {("w", "wgsl", "f16"), ("w", "wasm", "scalar")}
    assert baseline_names(VARIANTS, "nobody") == {("w", "wgsl", "f32"), ("w", "wasm", "scalar")}


def test_a_base_line_with_a_slash_is_one_for_all() -> None:
    assert fixed_baseline([TARGET], "num*/f32") == ("numpy", "f32")
    assert fixed_baseline([TARGET], "gone/f32") == ("", "f32")
    assert fixed_baseline([TARGET], "f32") is None


def test_wasm_is_compared_with_simd_unless_somebody_says_otherwise() -> None:
    known = [*VARIANTS, variant("f32-simd", Runtime.WASM)]
    assert baseline_names(known, USUAL_BASELINE) == {("w", "wgsl", "f32"), ("w", "wasm", "f32-simd")}


@pytest.mark.parametrize("baseline", ["gone/f32", "numpy/f99", "f99", "f32,f99", ""])
def test_a_base_line_that_names_nothing_is_refused(baseline: str) -> None:
    with pytest.raises(KernelscopeError, match="baseline"):
        check_baseline([TARGET], VARIANTS, baseline)
