"""Tests for a feature are true where it runs and false where it does not, asked in real engines."""

import re

import pytest
from wasmtime import Config, Engine, Module

from app.catalog.index import variants
from app.core.feature_tests import feature_test, snippets
from app.core.target import LANGUAGE, WASM_PROPOSALS, WEB, Feature, FeatureState, Target
from app.engines.v8.context import Context
from app.engines.v8.proposals import start_v8
from app.engines.wasm.assemble import assemble
from app.engines.wasm.proposals import PROPOSALS

OWN = {"simd": "a shorter one", "relaxed-simd": "a shorter one", "jspi": "JavaScript says it"}


def code_of(name: str) -> bytes:
    test = feature_test(name, WASM_PROPOSALS)
    assert test is not None
    return bytes(map(int, re.findall(r"\d+", test.test.split("[")[1].split("]")[0])))


def test_modules_are_the_probes() -> None:
    for proposal in PROPOSALS:
        if proposal.name == "component-model":
            assert feature_test(proposal.name, WASM_PROPOSALS) is None
        elif proposal.name not in OWN:
            assert code_of(proposal.name) == assemble(proposal.probe), proposal.name


@pytest.mark.parametrize("name", ["simd", "relaxed-simd"])
def test_the_shorter_ones_need_just_their_feature(name: str) -> None:
    Module.validate(Engine(), code_of(name))
    without = Config()
    without.wasm_relaxed_simd = False
    if name == "simd":
        without.wasm_simd = False
    with pytest.raises(Exception, match=r"(?i)simd"):
        Module.validate(Engine(without), code_of(name))


def test_v8_answers_as_it_runs(targets: list[Target]) -> None:
    (v8,) = (target for target in targets if target.engine == "v8")
    features = [f for f in v8.features if f.group == WASM_PROPOSALS]
    script = snippets(features)["JavaScript"].replace("console.log(has);", "JSON.stringify(has)")
    start_v8()
    with Context() as context:
        answers = dict(re.findall(r'"([^"]+)":(true|false)', str(context.eval(f"{script}"))))
    assert answers.pop("threads") == "false"  # no page, so not isolated
    states = {f.name: f.state for f in features}
    assert answers == {name: str(states[name] is FeatureState.SUPPORTED).lower() for name in answers}
    assert {"simd", "relaxed-simd", "memory64", "jspi", "gc", "wide-arithmetic"} <= answers.keys()


def test_what_shaders_need_can_be_tested_for(targets: list[Target]) -> None:
    gpus = [target for target in targets if target.engine == "webgpu"]
    for target in gpus:
        for name in {n for v in variants() if v.quick and v.runtime is target.runtime for n in v.requires}:
            feature = target.feature(name)
            assert feature_test(name, feature.group), name


def test_a_script_asks_and_requests() -> None:
    half = Feature("shader-f16", FeatureState.SUPPORTED, group=WEB)
    pointers = Feature("unrestricted_pointer_parameters", FeatureState.SUPPORTED, group=LANGUAGE)
    found = snippets([half, pointers], {"maxBufferSize": 1 << 30, "minStorageBufferOffsetAlignment": 64})
    assert found["WGSL"] == "enable f16;\nrequires unrestricted_pointer_parameters;\n"
    assert found.keys() == {"JavaScript", "WGSL"}
    script = found["JavaScript"]
    assert '"shader-f16": adapter?.features.has("shader-f16") ?? false,' in script
    assert '"maxBufferSize": adapter?.limits.maxBufferSize >= 1073741824,' in script
    assert "limits.minStorageBufferOffsetAlignment <= 64" in script
    assert "requiredLimits: { maxBufferSize: 1073741824, minStorageBufferOffsetAlignment: 64 }" in script
    assert snippets([Feature("push-constants", FeatureState.SUPPORTED, group="Native only")]) == {}
