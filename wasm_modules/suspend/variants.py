"""The ways to wait in synchronous code: transformed beforehand (Asyncify), on a stack of its own, or JSPI."""

from app.core.target import Runtime
from app.core.variant import Operation, Variant


def _suspend(
    name: str,
    template: str,
    summary: str,
    requires: tuple[str, ...] = (),
    operation: Operation | None = None,
    **options: str | bool,
) -> Variant:
    return Variant(
        workload="suspend",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template=template,
        layout="number",
        storage="i32",
        compute="i32",
        techniques=(name,),
        requires=requires,
        options=dict(options),
        operation=operation,
    )


VARIANTS = [
    _suspend("plain", "plain.wat", "nothing waits: the additions are calls"),
    _suspend(
        "asyncify-idle",
        "asyncify.wat",
        "transformed by Asyncify, and never suspended: what the transformation costs",
        built="asyncify",
        pauses=False,
    ),
    _suspend(
        "asyncify",
        "asyncify.wat",
        "transformed by Asyncify, suspended at every addition and resumed by Wasm",
        built="asyncify",
        pauses=True,
    ),
    _suspend(
        "fibers",
        "waiting.wat",
        "on a stack of its own (wasmtime's fibers), suspended at every addition and resumed by Python",
        ("fibers",),
        operation=Operation.FIBERS,
    ),
    _suspend(
        "jspi",
        "waiting.wat",
        "JavaScript Promise Integration: every addition awaits a promise",
        ("jspi",),
        operation=Operation.JSPI,
    ),
]
