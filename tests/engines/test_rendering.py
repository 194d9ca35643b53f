"""Every WGSL variant compiles at every corner of its parameter space, and reads like hand-written text."""

from itertools import product
from typing import Any

import pytest
import wgpu

from app.catalog import index as catalog
from app.catalog import programs
from app.catalog.render import tidy
from app.core.target import Runtime
from app.core.variant import Variant, why_not
from app.engines import load
from app.engines.webgpu.adapters import LANGUAGE_FEATURES, NOT_COMPILED

WGSL = [v for v in catalog.variants() if v.runtime is Runtime.WGSL and v.template and v.checked]
ENGINE = load("webgpu")
TARGETS = ENGINE.targets()


def compiles(device: Any, text: str) -> bool:
    try:
        device._device.create_shader_module(code=text)
    except wgpu.GPUError:
        return False
    return True


@pytest.mark.skipif(not TARGETS, reason="no adapter here")
def test_what_naga_refuses_is_known_without_asking_it() -> None:
    device = ENGINE.open(TARGETS[0])
    empty = "requires {};\n@compute @workgroup_size(1) fn main() {{}}"
    refused = [name for name in LANGUAGE_FEATURES if not compiles(device, empty.format(name))]
    assert refused == list(NOT_COMPILED)


def corners(variant: Variant) -> list[dict[str, int | str]]:
    """The defaults, and every combination of the least and the largest choice."""
    ends = [(p.choices[0], p.choices[-1]) if p.choices else (p.gpu,) for p in variant.parameters]
    names = [p.name for p in variant.parameters]
    found = [dict(zip(names, values, strict=True)) for values in product(*ends)]
    return [*found, {p.name: p.gpu for p in variant.parameters}, {p.name: p.cpu for p in variant.parameters}]


@pytest.mark.skipif(not TARGETS, reason="no adapter here")
@pytest.mark.parametrize("workload", sorted({v.workload for v in WGSL}))
def test_every_corner_compiles(workload: str) -> None:
    checked = 0
    for variant in (v for v in WGSL if v.workload == workload):
        able = [target for target in TARGETS if not why_not(variant, target)]
        if able:
            device = ENGINE.open(able[0])
            for parameters in corners(variant):
                text = programs.source(variant, parameters)
                assert compiles(device, text), f"{variant.name} {parameters}\n{text}"
                checked += 1
    assert checked


def test_texts_are_tidy() -> None:
    for variant in WGSL:
        text = programs.source(variant, {p.name: p.gpu for p in variant.parameters})
        assert "{{" not in text
        assert "//%" not in text
        assert "\n\n\n" not in text
        assert all(line == line.rstrip() for line in text.splitlines())


def test_texts_are_indented_by_their_brackets() -> None:
    """A line stands two deeper than the one whose bracket it is in; what closes that stands under it."""
    for variant in WGSL:
        for parameters in corners(variant):
            text = programs.source(variant, parameters)
            around: list[int] = []  # how deep the lines stand whose brackets are open
            for line in filter(None, text.splitlines()):
                code = line.split("//")[0].strip()
                deep = len(line) - len(line.lstrip())
                expected = around[-1] + 2 * (code[:1] not in ("}", ")")) if around else 0
                assert deep == expected + 2 * code.startswith(("+ ", "* ")), f"{line!r} in\n{text}"
                for sign in code:
                    if sign in "{(":
                        around.append(deep)
                    elif sign in "})":
                        around.pop()
            assert not around


def test_what_macros_leave_is_tidied() -> None:
    left = """// A kernel.
struct Shape {
        rows: u32,  // of (A

}
@compute @workgroup_size(64)
fn main(
@builtin(workgroup_id) group: vec3<u32>,
) {


  for (var k = 0u; k < 4u; k++) {
sum += a
+ b;
}

}
"""
    assert (
        tidy(left)
        == """// A kernel.
struct Shape {
  rows: u32,  // of (A
}

@compute @workgroup_size(64)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
) {

  for (var k = 0u; k < 4u; k++) {
    sum += a
      + b;
  }
}
"""
    )


def test_unchecked_twins_run_only_by_name() -> None:
    twins = [v for v in catalog.variants() if not v.checked]
    assert {v.name.removesuffix("+unchecked") for v in twins} == {v.name for v in WGSL}
    assert not any(v.quick for v in twins)
