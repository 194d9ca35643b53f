"""The proposals that bear on kernels: what each would do here, and a tiny module that proves it runs.

A probe is a whole module whose ``run`` returns 1. Engines say of each whether it ran; nothing is concluded
from a version or a flag.
"""

from collections.abc import Mapping

from msgspec import Struct

from app.core.target import ABILITIES, WASM_PROPOSALS, Feature, FeatureState


class Proposal(Struct, frozen=True):
    """One proposal; ``phase`` is that of the standard process, 5 (standardised) being the last.

    ``risky`` probes may end the process of an engine that half knows them.
    """

    name: str
    phase: str
    use: str
    probe: str
    risky: bool = False


class Answer(Struct, frozen=True):
    """Whether a probe ran, and what is to be said about it."""

    runs: bool
    reason: str


def _module(fields: str) -> str:
    return f"(module\n  {fields.strip()})\n"


PROPOSALS = (
    Proposal(
        "simd",
        "5 (2.0)",
        "four floats or sixteen bytes an instruction",
        _module("""(func (export "run") (result i32)
    (i32x4.extract_lane 3 (i32x4.add (v128.const i32x4 0 0 0 -1) (i32x4.splat (i32.const 2)))))"""),
    ),
    Proposal(
        "relaxed-simd",
        "5 (3.0)",
        "fused multiply-add, and sixteen 8-bit products an instruction",
        _module("""(func (export "run") (result i32)
    (i32.trunc_f32_s (f32x4.extract_lane 0 (f32x4.relaxed_madd
      (f32x4.splat (f32.const 2)) (f32x4.splat (f32.const 3)) (f32x4.splat (f32.const -5))))))"""),
    ),
    Proposal(
        "threads",
        "4",
        "one kernel on several cores over one memory",
        _module("""(memory 1 1 shared)
  (func (export "run") (result i32)
    (i32.add (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.const 1)))"""),
    ),
    Proposal(
        "memory64",
        "5 (3.0)",
        "models of more than 4 GiB in one memory",
        _module("""(memory i64 1)
  (func (export "run") (result i32)
    (i32.store (i64.const 8) (i32.const 1)) (i32.load (i64.const 8)))"""),
    ),
    Proposal(
        "multi-memory",
        "5 (3.0)",
        "weights and activations in memories of their own",
        _module("""(memory $a 1) (memory $b 1)
  (func (export "run") (result i32)
    (i32.store $b (i32.const 8) (i32.const 1))
    (i32.sub (i32.load $b (i32.const 8)) (i32.load $a (i32.const 8))))"""),
    ),
    Proposal(
        "bulk-memory",
        "5 (2.0)",
        "zeroing and copying of panels at the memory's speed",
        _module("""(memory 1)
  (func (export "run") (result i32)
    (memory.fill (i32.const 8) (i32.const 1) (i32.const 1)) (i32.load (i32.const 8)))"""),
    ),
    Proposal(
        "tail-call",
        "5 (3.0)",
        "interpreters of models without a growing stack",
        _module("""(func $count (param i32) (result i32)
    (if (result i32) (local.get 0)
      (then (return_call $count (i32.sub (local.get 0) (i32.const 1)))) (else (i32.const 1))))
  (func (export "run") (result i32) (call $count (i32.const 1000000)))"""),
    ),
    Proposal(
        "exceptions",
        "5 (3.0)",
        "C++ runtimes without a detour through JavaScript",
        _module("""(tag $e (param i32))
  (func (export "run") (result i32)
    (block $caught (result i32)
      (try_table (catch $e $caught) (throw $e (i32.const 1))) (i32.const 0)))"""),
    ),
    Proposal(
        "gc",
        "5 (3.0)",
        "graphs of managed languages beside a kernel",
        _module("""(type $box (struct (field i32)))
  (func (export "run") (result i32) (struct.get $box 0 (struct.new $box (i32.const 1))))"""),
    ),
    Proposal(
        "wide-arithmetic",
        "4",
        "128-bit sums of integer products",
        _module("""(func (export "run") (result i32)
    (i64.add128 (i64.const 1) (i64.const 0) (i64.const 0) (i64.const 0)) (drop) (i32.wrap_i64))"""),
    ),
    Proposal(
        "custom-page-sizes",
        "3",
        "memories smaller than 64 KiB",
        _module("""(memory 8 (pagesize 1))
  (func (export "run") (result i32) (i32.sub (memory.size) (i32.const 7)))"""),
        risky=True,
    ),
    Proposal(
        "stack-switching",
        "3",
        "suspending a kernel without help from the host",
        _module("""(type $f (func (result i32))) (type $k (cont $f))
  (func $one (result i32) (i32.const 1)) (elem declare func $one)
  (func (export "run") (result i32) (resume $k (cont.new $k (ref.func $one))))"""),
        risky=True,
    ),
    Proposal(
        "fp16",
        "2",
        "eight half-precision floats an instruction, half the memory",
        _module("""(func (export "run") (result i32)
    (i32.trunc_f32_s (f16x8.extract_lane 7 (f16x8.madd
      (f16x8.splat (f32.const 2)) (f16x8.splat (f32.const 3)) (f16x8.splat (f32.const -5))))))"""),
    ),
    Proposal(
        "memory-control",
        "1",
        "giving pages back, and mapping data in without a copy",
        _module("""(memory 2)
  (func (export "run") (result i32)
    (i32.store (i32.const 65536) (i32.const 7)) (memory.discard (i32.const 65536) (i32.const 65536))
    (i32.add (i32.load (i32.const 65536)) (i32.const 1)))"""),
        risky=True,
    ),
    Proposal(
        "component-model",
        "1",
        "kernels as components with typed interfaces",
        """(component
  (core module $m (func (export "run") (result i32) (i32.const 1)))
  (core instance $i (instantiate $m))
  (func (export "run") (result s32) (canon lift (core func $i "run"))))
""",
        risky=True,
    ),
    Proposal(
        "jspi",
        "5",
        "synchronous code that waits for asynchronous web APIs",
        _module("""(import "kernelscope" "wait" (func $wait (result i32)))
  (func (export "run") (result i32) (call $wait))"""),
    ),
)
"""Phases: ``proposals.json`` of github.com/WebAssembly/proposals, commit 0999a26, read in November 2026.

A version in brackets is that of the specification that a proposal was merged into.
"""

FIBERS = Feature(
    "fibers",
    FeatureState.MISSING,
    "V8 suspends a module by JSPI; it has no fibers for its host",
    group=ABILITIES,
    use="synchronous code that waits, on a stack that the host sets aside",
)
"""What an embedder may do with the stacks of some engines; no proposal."""


def features(answers: Mapping[str, Answer]) -> tuple[Feature, ...]:
    """Every proposal as a feature, with what an engine answered."""
    return tuple(
        Feature(
            name=proposal.name,
            state=FeatureState.SUPPORTED if answers[proposal.name].runs else FeatureState.MISSING,
            reason=answers[proposal.name].reason,
            group=WASM_PROPOSALS,
            phase=proposal.phase,
            use=proposal.use,
            probe=proposal.probe,
        )
        for proposal in PROPOSALS
    )
