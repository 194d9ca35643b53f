"""The scripts that test for features, run as they are in a real Chromium."""

import json
from pathlib import Path

from app.core.feature_tests import snippets
from app.core.target import LANGUAGE, WASM_PROPOSALS, WEB, Feature, FeatureState
from app.engines.wasm.proposals import PROPOSALS
from tests.engines.browser import looked_at

ASKED = (
    *(Feature(name, FeatureState.UNKNOWN, group=WEB) for name in ("shader-f16", "subgroups", "no-such")),
    Feature("packed_4x8_integer_dot_product", FeatureState.UNKNOWN, group=LANGUAGE),
    *(Feature(proposal.name, FeatureState.UNKNOWN, group=WASM_PROPOSALS) for proposal in PROPOSALS),
)


def test_a_page_finds_out_and_gets_a_device(tmp_path: Path) -> None:
    """Chromium's SwiftShader has subgroups and no f16; V8 has what it has without flags."""
    limits = {"maxStorageBufferBindingSize": 1 << 27, "minStorageBufferOffsetAlignment": 256}
    script = snippets(ASKED, limits)["JavaScript"]
    (tmp_path / "index.html").write_text("<!doctype html><title>nothing</title>")
    with looked_at(tmp_path) as remote:
        remote.until("document.title === 'nothing'")
        found, features = json.loads(
            remote.evaluate(
                f"(async () => {{ {script} return JSON.stringify([has, [...(device?.features ?? [])]]); }})()"
            )
        )
        bigger = snippets((), {"maxBufferSize": 1 << 60})["JavaScript"].partition("const device")[0]
        too_much = remote.evaluate(f"(async () => {{ {bigger} return has.maxBufferSize; }})()")
    assert found.keys() == {feature.name for feature in ASKED} - {"component-model"} | limits.keys()
    assert {name for name, there in found.items() if not there} >= {"shader-f16", "no-such", "threads"}
    there = {"subgroups", "packed_4x8_integer_dot_product", "simd", "relaxed-simd", "gc", "jspi", *limits}
    assert {name for name, yes in found.items() if yes} >= there
    assert "subgroups" in features
    assert "shader-f16" not in features
    assert too_much is False
