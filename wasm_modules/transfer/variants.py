"""The ways of bytes into a Wasm memory and out of it: a module owns its memory, so data is copied or seen."""

from app.core.target import Runtime
from app.core.variant import Operation, Variant

OPERATIONS = {
    Operation.UPLOAD: "host memory copied into the module's memory",
    Operation.DOWNLOAD: "the module's memory copied into host memory",
    Operation.MAP: "a view of the module's memory, without a copy",
    Operation.FIRST_TOUCH: "a new instance, its memory grown and filled: the first touch of every page",
    Operation.DISPATCH: "one call of the module, from the host and back",
}

VARIANTS = [
    Variant(
        workload="transfer",
        name=operation.value,
        runtime=Runtime.WASM,
        summary=summary,
        template="transfer.wat",
        layout="bytes",
        storage="f32",
        compute="f32",
        requires=("bulk-memory",),
        operation=operation,
        quick=False,
    )
    for operation, summary in OPERATIONS.items()
]
