"""The hardware matrix: who has what, beside what the standards promise."""

import json

from app.catalog.index import variants
from app.core.limits import DEFAULTS, Standing, spelled, standing, wording
from app.core.target import NATIVE, WASM_PROPOSALS, Feature, FeatureState, Runtime, Target
from app.findings.matrix import Column, LineKind, columns, matrix, unlocked
from app.storage.matrices import matrix_json, matrix_markdown, matrix_text
from tests.findings.test_rows import target
from tests.gui import made

HALF = Feature("shader-f16", FeatureState.MISSING, "not offered", "a newer driver")
DRAW = Feature("multi-draw", FeatureState.SUPPORTED, group=NATIVE)
SIMD = Feature("simd", FeatureState.SUPPORTED, group=WASM_PROPOSALS, phase="5 (2.0)", use="four floats")


def shown(*targets: Target) -> list[Column]:
    return [Column(t.label, t) for t in targets]


def test_limits_against_the_default() -> None:
    assert standing("maxBufferSize", 1 << 30) is Standing.BETTER
    assert standing("maxBufferSize", 1 << 28) is Standing.DEFAULT
    assert standing("maxBufferSize", 1 << 20) is Standing.WORSE
    assert standing("minStorageBufferOffsetAlignment", 32) is Standing.BETTER
    assert standing("minStorageBufferOffsetAlignment", 512) is Standing.WORSE
    assert standing("maxBufferSize", 0) is standing("maxImmediateSize", 128) is Standing.UNKNOWN
    assert spelled("maxTextureDimension1d") == "maxTextureDimension1D"
    assert wording("maxBufferSize", 1 << 28) == "256 MiB"
    assert wording("maxBindGroups", 8) == "8"
    assert wording("maxBindingsPerBindGroup", 2**32 - 1) == "no limit"
    assert wording("maxBindGroupsPlusVertexBuffers", 0) == "not reported"


def test_what_this_machine_reports_is_known(gpus: list[Target]) -> None:
    for one in gpus:
        assert {spelled(name) for name in one.limits} >= DEFAULTS.keys()


def test_states_standards_and_differences() -> None:
    full, bare = target("full", Runtime.WGSL, DRAW), target("bare", Runtime.WGSL, HALF)
    wasm = target("wasm", Runtime.WASM, SIMD)
    lines = {line.name: line for line in matrix(shown(full, bare, wasm))}
    half = lines["shader-f16"]
    assert [cell.state for cell in half.cells] == [None, FeatureState.MISSING, None]
    assert (half.default, half.kind, half.differs) == ("optional", LineKind.FEATURE, True)
    assert half.cells[1].unlock == "a newer driver"
    assert lines["simd"].default == "phase 5 (2.0)"
    assert lines["simd"].use == "four floats"
    assert not lines["type"].differs
    other = target("other", Runtime.WGSL, Feature("polygon", FeatureState.SUPPORTED, group=NATIVE))
    native = {line.name: line for line in matrix(shown(full, other))}["multi-draw"]
    assert [cell.state for cell in native.cells] == [FeatureState.SUPPORTED, FeatureState.MISSING]


def test_columns_of_sessions_are_named_after_them() -> None:
    one = made.session()
    assert [column.title for column in columns([("a", one)])] == ["Full (Vulkan)", "Bare (OpenGL)"]
    assert columns([("a", one), ("b", one)])[2].title == "b: Full (Vulkan)"


def test_what_a_feature_would_unlock() -> None:
    names = {v.name for v in unlocked("shader-f16", made.BARE, variants()) if v.workload == "matvec"}
    assert "f16" in names
    assert not any("subgroup" in name for name in names)  # these lack something else, too
    assert unlocked("shader-f16", made.FULL, variants()) == []


def test_forms() -> None:
    own = shown(made.FULL, made.BARE)
    lines = matrix(own)
    text = matrix_text(own, lines)
    row = next(line for line in text.splitlines() if "shader-f16" in line)
    assert row.split() == ["≠", "shader-f16", "optional", "supported", "missing"]
    assert "  maxBufferSize" in text
    table = matrix_markdown(own, lines)
    assert "| shader-f16 | optional | supported | missing |" in table
    full, bare = json.loads(matrix_json(own, lines))
    assert full["features"]["shader-f16"] == "supported"
    assert bare == {
        "column": "Bare (OpenGL)",
        "target": "bare",
        "features": {"shader-f16": "missing", made.DOT: "supported"},
        "limits": {"maxBufferSize": 1 << 28},
    }


def test_defaults_are_powers_of_two_but_for_the_few_that_webgpu_counts_otherwise() -> None:
    odd = {name: value for name, value in DEFAULTS.items() if value & (value - 1)}
    assert odd == {
        "maxBindGroupsPlusVertexBuffers": 24,
        "maxBindingsPerBindGroup": 1000,
        "maxUniformBuffersPerShaderStage": 12,
        "maxComputeWorkgroupsPerDimension": 65535,
    }
