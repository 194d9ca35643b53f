"""What wasmtime can run: one tiny module per proposal, compiled and called (``run`` must return 1)."""

import wasmtime

from app.core.target import Feature, FeatureState

GROUP = "WebAssembly proposals"

PROBES = {
    "simd": '(func (export "run") (result i32) (i32x4.extract_lane 0 (i32x4.splat (i32.const 1))))',
    "relaxed-simd": """(func (export "run") (result i32)
        (i32.trunc_f32_s (f32x4.extract_lane 0 (f32x4.relaxed_madd
          (f32x4.splat (f32.const 1)) (f32x4.splat (f32.const 1)) (f32x4.splat (f32.const 0))))))""",
    "threads": """(memory 1 1 shared) (func (export "run") (result i32)
        (i32.atomic.rmw.add (i32.const 0) (i32.const 1)) (i32.add (i32.const 1)))""",
    "memory64": """(memory i64 1) (func (export "run") (result i32)
        (i32.store (i64.const 8) (i32.const 1)) (i32.load (i64.const 8)))""",
    "multi-memory": """(memory $a 1) (memory $b 1) (func (export "run") (result i32)
        (i32.store $b (i32.const 8) (i32.const 1)) (i32.load $b (i32.const 8)))""",
    "tail-call": """(func $one (result i32) (i32.const 1))
        (func (export "run") (result i32) (return_call $one))""",
    "exceptions": """(tag $e (param i32)) (func (export "run") (result i32)
        (block $caught (result i32)
          (try_table (catch $e $caught) (throw $e (i32.const 1))) (i32.const 0)))""",
    "gc": """(type $box (struct (field i32))) (func (export "run") (result i32)
        (struct.get $box 0 (struct.new $box (i32.const 1))))""",
    "wide-arithmetic": """(func (export "run") (result i32)
        (i64.add128 (i64.const 1) (i64.const 0) (i64.const 0) (i64.const 0)) (drop) (i32.wrap_i64))""",
    "fp16": """(func (export "run") (result i32)
        (i32.trunc_f32_s (f16x8.extract_lane 0 (f16x8.splat (f32.const 1)))))""",
}
"""Proposal to the body of a module that uses it."""

UNPROBED = {
    "stack-switching": "running it aborts wasmtime's process, so it is never tried",
    "jspi": "JavaScript Promise Integration needs a JavaScript engine",
}


def probe(engine: wasmtime.Engine) -> tuple[Feature, ...]:
    """The state of every proposal in ``engine``, by running its probe here."""
    shared = wasmtime.Config()
    shared.shared_memory = True
    engines = {"threads": wasmtime.Engine(shared)}
    probed = tuple(_probe(engines.get(name, engine), name, body) for name, body in PROBES.items())
    return probed + tuple(
        Feature(name, FeatureState.MISSING, reason, group=GROUP) for name, reason in UNPROBED.items()
    )


def _probe(engine: wasmtime.Engine, name: str, body: str) -> Feature:
    try:
        module = wasmtime.Module(engine, bytes(wasmtime.wat2wasm(f"(module {body})")))
        store = wasmtime.Store(engine)
        run = wasmtime.Instance(store, module, []).exports(store)["run"]
        assert isinstance(run, wasmtime.Func)
        answer = run(store)
    except (wasmtime.WasmtimeError, wasmtime.Trap) as error:
        reason = str(error).strip().splitlines()[0]
        return Feature(name, FeatureState.MISSING, f"wasmtime refuses the probe: {reason}", group=GROUP)
    if answer != 1:
        return Feature(name, FeatureState.MISSING, f"the probe returned {answer}, not 1", group=GROUP)
    return Feature(name, FeatureState.SUPPORTED, "a probe module compiled and ran", group=GROUP)
