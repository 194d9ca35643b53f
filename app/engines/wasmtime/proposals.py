"""What wasmtime can run, by running it; what may end the process is tried in a child.

``python -m app.engines.wasmtime.proposals NAME`` tries one probe and prints its answer as JSON.
"""

from importlib.metadata import version

import wasmtime
from msgspec.structs import replace

from app.core.target import Feature, FeatureState
from app.engines.wasm.answers import Answers, remembered
from app.engines.wasm.assemble import assemble
from app.engines.wasm.child import serve, try_in_child
from app.engines.wasm.proposals import FIBERS, PROPOSALS, Answer, Proposal, features
from app.engines.wasmtime.memories import why_no_sharing

RAN = Answer(True, "a probe module compiled and ran")


FIBERS_HERE = replace(
    FIBERS, state=FeatureState.SUPPORTED, reason="wasmtime's asynchronous calls, through its C API"
)


def probe() -> tuple[Feature, ...]:
    """The state of every proposal."""
    return features(remembered(f"wasmtime {version('wasmtime')}", _ask))


def _ask() -> Answers:
    return {
        p.name: try_in_child("app.engines.wasmtime.proposals", p) if p.risky else answer(p) for p in PROPOSALS
    }


def answer(proposal: Proposal) -> Answer:
    """Whether ``proposal`` runs here, tried in this process."""
    if proposal.name == "jspi":
        return Answer(False, "JavaScript Promise Integration needs a JavaScript engine; V8 has it")
    if proposal.name == "threads" and (reason := why_no_sharing()):
        return Answer(False, f"instances share no memory here: {reason}")
    try:
        binary = assemble(proposal.probe)
        returned = _component(binary) if proposal.name == "component-model" else _module(proposal, binary)
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return Answer(False, f"wasmtime refuses the probe: {lines[-1].strip().removeprefix('1: ')}")
    return RAN if returned == 1 else Answer(False, f"the probe returned {returned}, not 1")


def _engine(proposal: Proposal) -> wasmtime.Engine:
    config = wasmtime.Config()
    if proposal.name == "threads":
        config.shared_memory = True
    if proposal.name == "custom-page-sizes":
        config.wasm_custom_page_sizes = True
    if proposal.name == "stack-switching":
        config.wasm_stack_switching = True
    return wasmtime.Engine(config)


def _module(proposal: Proposal, binary: bytes) -> object:
    engine = _engine(proposal)
    store = wasmtime.Store(engine)
    run = wasmtime.Instance(store, wasmtime.Module(engine, binary), []).exports(store)["run"]
    assert isinstance(run, wasmtime.Func)
    return run(store)


def _component(binary: bytes) -> object:
    from wasmtime import component

    engine = wasmtime.Engine(wasmtime.Config())
    store = wasmtime.Store(engine)
    instance = component.Linker(engine).instantiate(store, component.Component(engine, binary))
    run = instance.get_func(store, "run")
    assert run is not None
    return run(store)


if __name__ == "__main__":
    serve(answer)
