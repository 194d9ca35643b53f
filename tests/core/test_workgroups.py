"""What a WGSL text asks of a workgroup, counted as WebGPU counts it."""

import re

import pytest

from app.catalog.index import variants
from app.catalog.programs import source
from app.core.target import Runtime, Target
from app.core.workgroups import Asked, asked

TEXT = """
const W = 16u; override H: u32 = W * 2; alias V = vec4<f32>;
// var<workgroup> not: array<f32, 100000>;
/* var<workgroup> nor: array<f32, 100000>; /* nested */ still */
struct P { a: f32, b: vec3<f32>, @align(16) c: array<vec2h, 3>, d: mat3x3<f32>, e: atomic<u32>, }
var<workgroup> p: P;
var<workgroup> a: array<array<vec4<f16>, 1<<3>, (W >> 1u)>;
var<workgroup>b: array<V, W*H/2>;
var<workgroup> c: bool;
var<workgroup> unused: array<f32, 99999>;
fn helper() { b[0] = V(); }
@compute @workgroup_size(W, max(2, 4))
fn main(@builtin(local_invocation_index) l: u32) { p.a = 1.; a[0][0].x = 1h; c = true; helper(); }
@compute @workgroup_size(64) fn two() { unused[0] = 1.0; }
@compute @workgroup_size(N) fn three() { a[0][0].x = 1h; }
var<workgroup> far: array<f32, elsewhere>;
@compute @workgroup_size(1) fn four() { far[0] = 1.0; }
"""


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("main", Asked(112 + 8 * 8 * 8 + 256 * 16 + 16, (16, 4, 1))),
        ("two", Asked(400_000, (64, 1, 1))),
        ("three", Asked(512, None)),
        ("four", Asked(None, (1, 1, 1))),
        ("nowhere", Asked(None, None)),
    ],
)
def test_sizes_are_those_of_the_specification(entry: str, expected: Asked) -> None:
    assert asked(TEXT, entry) == expected


@pytest.mark.parametrize(
    ("type", "size"),
    [
        ("f32", 16),
        ("array<vec3<f32>, 2>", 32),
        ("array<vec3f, 3>", 48),
        ("mat2x3<f16>", 16),
        ("mat4x4f", 64),
        ("array<array<u32, 3>, 0x10u>", 192),
        ("array<atomic<i32>, 5>", 32),
    ],
)
def test_types(type: str, size: int) -> None:
    text = f"var<workgroup> x: {type}; @compute @workgroup_size(1) fn main() {{ let y = &x; }}"
    assert asked(text, "main").bytes == size


@pytest.mark.parametrize("size", ["9 / 0", "f(3)", "1 << 99", "a", "(", "2.5", "__import__('os')"])
def test_of_what_cannot_be_told_nothing_is_said(size: str) -> None:
    text = f"const a = b; const b = a; var<workgroup> x: array<f32, {size}>;"
    assert asked(f"{text} @compute @workgroup_size(1) fn main() {{ x[0] = 1.0; }}", "main").bytes is None


def test_every_kernel_of_ours_tells() -> None:
    target = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "GPU")
    for variant in variants():
        if variant.runtime is Runtime.WGSL and variant.template and not variant.operation:
            text = source(variant, variant.defaults(target))
            entries = re.findall(r"@compute[^{]*?\bfn (\w+)", text)
            assert entries, variant.name
            for found in (asked(text, entry) for entry in entries):
                assert found.bytes is not None, variant.name
                assert found.size is not None, variant.name
            found = asked(text, entries[0])
            shares = {"shared", "rowwise", "splitk"} & set(variant.name.replace("-", "+").split("+"))
            # A row that is only copied is shared without anything to share in.
            if shares and "subgroup" not in variant.name and variant.workload != "gather":
                assert found.bytes > 0, variant.name


@pytest.mark.parametrize("end", ["", "}", "} fn other() { x = 1.0; }"])
def test_a_body_that_does_not_close_is_all_that_follows(end: str) -> None:
    """Its compiler will say so; until then what it names is counted."""
    text = f"var<workgroup> x: f32; @compute @workgroup_size(2) fn main() {{ if true {{ x = 1.0; {end}"
    assert asked(text, "main") == Asked(16, (2, 1, 1))
