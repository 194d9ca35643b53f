"""What V8 can run, by running it in a context of its own; what may end the process, in a child.

``python -m app.engines.v8.proposals NAME`` tries one probe and prints its answer as JSON.
"""

from collections.abc import Sequence

from py_mini_racer import init_mini_racer

from app.core.errors import KernelscopeError
from app.core.target import Feature
from app.engines.v8.context import Context, v8_version
from app.engines.wasm.answers import Answers, remembered
from app.engines.wasm.assemble import assemble
from app.engines.wasm.child import CHILD_SECONDS, serve, try_in_child
from app.engines.wasm.proposals import PROPOSALS, Answer, Proposal, features

FLAGS = ("--experimental-wasm-fp16",)
"""Flags of V8, given before the first context, once per process. Mini-racer's default, --single-threaded, is
not among them: V8's optimising compiler works in background threads, as it does in a browser."""


_SUSPENDING = "{kernelscope: {wait: new WebAssembly.Suspending(() => Promise.resolve(1))}}"

_BEHIND = {"fp16": f"a probe module compiled and ran, behind V8's flag {FLAGS[0]}, which is set here"}


def start_v8(flags: Sequence[str] = FLAGS) -> None:
    """Give V8 its flags; only the first call in a process counts."""
    init_mini_racer(flags=flags, ignore_duplicate_init=True)


def probe() -> tuple[Feature, ...]:
    """The state of every proposal."""
    return features(remembered(f"v8 {v8_version()} {' '.join(FLAGS)}", _ask))


def _ask() -> Answers:
    return {p.name: try_in_child("app.engines.v8.proposals", p) if p.risky else answer(p) for p in PROPOSALS}


def answer(proposal: Proposal) -> Answer:
    """Whether ``proposal`` runs here, tried in this process."""
    if proposal.name == "threads":
        return Answer(
            False, "shared memory and atomics run, but mini-racer gives JavaScript no Worker to share with"
        )
    try:
        returned = _run(proposal)
    except KernelscopeError as error:
        return Answer(False, f"V8 refuses the probe: {str(error).removeprefix('V8: ')}")
    if returned != 1:
        return Answer(False, f"the probe returned {returned}, not 1")
    return Answer(True, _BEHIND.get(proposal.name, "a probe module compiled and ran"))


def _run(proposal: Proposal) -> object:
    binary = assemble(proposal.probe)
    with Context() as context:
        if proposal.name != "jspi":
            context.instantiate(binary)
            return context.eval("e.run()")
        context.instantiate(binary, _SUSPENDING)
        promise = context.eval("WebAssembly.promising(e.run)()")
        return promise.get(timeout=CHILD_SECONDS)


if __name__ == "__main__":
    start_v8()
    serve(answer)
