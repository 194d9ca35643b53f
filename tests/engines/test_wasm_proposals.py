"""The table of proposals: what it says is what the engines themselves say."""

import json
from pathlib import Path

import pytest
import wasmtime

from app.core.target import FeatureState
from app.engines import load
from app.engines.wasm import answers
from app.engines.wasm.assemble import assemble
from app.engines.wasm.child import try_in_child
from app.engines.wasm.proposals import PROPOSALS, Answer, Proposal

ENGINES = [load(name) for name in ("wasmtime", "v8")]


@pytest.mark.parametrize("proposal", PROPOSALS, ids=lambda p: p.name)
def test_every_proposal_says_phase_use_and_probe(proposal: Proposal) -> None:
    for engine in ENGINES:
        feature = engine.targets()[0].feature(proposal.name)
        assert feature.phase
        assert feature.use
        assert feature.reason
        assert feature.probe == proposal.probe
        assert feature.state in (FeatureState.SUPPORTED, FeatureState.MISSING)


@pytest.mark.parametrize("proposal", [p for p in PROPOSALS if not p.risky], ids=lambda p: p.name)
def test_what_wasmtime_refuses_to_validate_is_missing_and_nothing_else(proposal: Proposal) -> None:
    feature = ENGINES[0].targets()[0].feature(proposal.name)
    config = wasmtime.Config()
    config.shared_memory = True
    try:
        wasmtime.Module.validate(wasmtime.Engine(config), assemble(proposal.probe))
        valid = proposal.name != "jspi"  # its module is plain; the promise is JavaScript's
    except wasmtime.WasmtimeError:
        valid = False
    assert (feature.state is FeatureState.SUPPORTED) == valid


def test_a_probe_that_kills_or_hangs_its_process_is_an_answer() -> None:
    risky = next(p for p in PROPOSALS if p.name == "stack-switching")
    told = try_in_child("app.engines.wasmtime.proposals", risky)
    assert not told.runs
    assert told.reason


def test_answers_are_kept_and_a_damaged_file_is_asked_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "folder", lambda: tmp_path)
    asked = []

    def probe() -> dict[str, Answer]:
        asked.append(1)
        return {p.name: Answer(True, "made up") for p in PROPOSALS}

    first = answers.remembered("engine 1", probe)
    assert answers.remembered("engine 1", probe) == first
    assert len(asked) == 1
    answers.remembered("engine 2", probe)
    assert len(asked) == 2
    file = next(iter(tmp_path.iterdir()))
    for damage in (b"", b"{", b"\xff\xfe", json.dumps({"simd": {"runs": True, "reason": ""}}).encode()):
        for file in tmp_path.iterdir():
            file.write_bytes(damage)
        assert answers.remembered("engine 1", probe) == first
    assert len(asked) == 6
