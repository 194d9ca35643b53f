"""Parameters take what a target tells of itself before what is usual on its kind."""

import pytest
from msgspec import structs

from app.catalog.index import find
from app.catalog.programs import source
from app.core.shape import Shape
from app.core.target import Dialect, Runtime, Target
from app.core.variant import Default, Parameter

SIZES = {"subgroupMatrixF16M": 16, "subgroupMatrixF16N": 8, "subgroupMatrixF16K": 4, "subgroupMaxSize": 64}


def adapter(kind: str, **limits: int) -> Target:
    return Target("gpu", "gpu", "browser", Runtime.WGSL, "gpu", "WebGPU", "1", kind, limits=limits)


def test_tiles_are_as_large_as_the_adapter_says() -> None:
    cooperative = find("matmul", "f16-cooperative", Runtime.WGSL)
    told = cooperative.defaults(adapter("GPU", **SIZES))
    assert {name: told[name] for name in ("m", "n", "k", "lanes")} == {"m": 16, "n": 8, "k": 4, "lanes": 64}
    text = source(cooperative, told, Dialect.WEB)
    assert "subgroup_matrix_left<f16, 4, 16>" in text
    assert "subgroup_matrix_right<f16, 8, 4>" in text
    assert "subgroup_matrix_result<f32, 8, 16>" in text
    assert "@workgroup_size(64)" in text


def test_without_a_word_from_it_its_kind_decides() -> None:
    cooperative = find("matmul", "f16-cooperative", Runtime.WGSL)
    assert cooperative.defaults(adapter("GPU"))["m"] == 16
    assert cooperative.defaults(adapter("CPU"))["m"] == 8


def test_a_gpu_has_defaults_of_its_own_for_few_rows_and_for_its_kind() -> None:
    few = Parameter(
        "rows", gpu=8, cpu=16, special=(Default(2, below=100), Default(4, kind="GPU", name="AMD"))
    )
    amd = structs.replace(adapter("GPU"), name="AMD Radeon 780M")
    found = [few.default(on, at) for on in (adapter("GPU"), amd) for at in (None, Shape(99), Shape(100))]
    assert found == [8, 2, 8, 4, 2, 4]
    assert few.default(adapter("CPU"), Shape(1)) == 16
    assert few.offered == {2, 4, 8, 16}


@pytest.mark.parametrize(
    ("name", "naga", "web"),
    [
        ("f32", [], []),
        ("f16+subgroup", ["enable f16;"], ["enable f16;", "enable subgroups;"]),
        (
            "u8-dot4",
            ["requires packed_4x8_integer_dot_product;"],
            ["requires packed_4x8_integer_dot_product;"],
        ),
    ],
)
def test_each_dialect_gets_the_directives_it_knows(name: str, naga: list[str], web: list[str]) -> None:
    variant = find("matvec", name, Runtime.WGSL)
    values = {parameter.name: parameter.gpu for parameter in variant.parameters}
    for dialect, expected in ((Dialect.NAGA, naga), (Dialect.WEB, web)):
        lines = source(variant, values, dialect).splitlines()
        assert [line for line in lines if line.startswith(("enable ", "requires "))] == expected
