"""What is said of bindings that cannot hold what lies there, before anything is compiled."""

import pytest

from app.catalog.index import find, variants
from app.catalog.programs import build, source
from app.core.errors import KernelError
from app.core.program import Layout
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.target import Dialect, Runtime
from app.measure.bindings import check_bindings, contract
from app.workloads import workloads

F32 = find("matvec", "f32", Runtime.WGSL)


def layout() -> Layout:
    operands = tuple(map(sketch, workloads()["matvec"].operand_shapes(Shape(512, 64))))
    return build(F32, operands, {p.name: p.gpu for p in F32.parameters}).layout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("@group(0) @binding(1) var<storage, read_write> v: array<f32>;", "binding 1 is vector, an operand"),
        ("@binding(2) @group(0) var<uniform> v: u32;", "binding 2 is the result, written"),
        ("@group(0) @binding(3) var<storage> v: array<f32>;", "binding 3 is a uniform block of rows, words"),
        ("@group(0) @binding(4) var<storage> v: array<f32>;", "there is no binding 4 of group 0"),
        ("@group(1)\n  @binding(0u)\n  var<storage> v: array<f32>;", "there is no binding 0 of group 1"),
        ("@group(0) @binding(0) var v: texture_2d<f32>;", "binding 0 is matrix, an operand"),
    ],
)
def test_a_binding_that_cannot_be_is_named_with_what_is_there(line: str, words: str) -> None:
    comment = (
        "/* @group(0) @binding(9) var<storage> no: u32; */\n// @group(9) @binding(9) var<uniform> no: u32;\n"
    )
    with pytest.raises(KernelError) as wrong:
        check_bindings(f"{comment}  {line}\nfn main() {{}}", layout())
    assert str(wrong.value).startswith(f"v: {words}")
    assert "workgroups of main; binding 0 is matrix, 1 is vector, 2 is the result, 3 is" in str(wrong.value)
    assert (wrong.value.line, wrong.value.column) == (3, 3)


@pytest.mark.parametrize("dialect", Dialect)
def test_nothing_of_the_catalogue_is_refused(dialect: Dialect) -> None:
    for variant in (v for v in variants() if v.runtime is Runtime.WGSL and v.template):
        workload = workloads()[variant.workload]
        shape = workload.default_shapes[0]
        operands = tuple(map(sketch, workload.operand_shapes(shape)))
        parameters = {p.name: p.gpu if isinstance(p.gpu, int) else p.choices[0] for p in variant.parameters}
        parameters |= {p.name: shape.sizes[p.side] for p in variant.parameters if p.side >= 0}
        check_bindings(source(variant, parameters, dialect), build(variant, operands, parameters).layout)


def test_the_contract_counts_workgroups() -> None:
    assert contract(layout()).startswith("it runs ")
    (grid,) = layout().passes.values()
    assert f"{grid[0]} x 1 x 1 workgroups of main" in contract(layout())
