"""The ways of bytes into a Wasm memory and out of it: a module owns its memory, so data is copied or seen."""

from app.core.target import Runtime
from app.core.variant import Variant

OPERATIONS = {
    "upload": "host memory copied into the module's memory",
    "download": "the module's memory copied into host memory",
    "map": "a view of the module's memory, without a copy",
    "first-touch": "a new instance, its memory grown and filled: every page is touched for the first time",
    "dispatch": "one call of the module, from the host and back",
}

VARIANTS = [
    Variant(
        workload="transfer",
        name=operation,
        runtime=Runtime.WASM,
        summary=summary,
        template="transfer.wat",
        layout="bytes",
        storage="f32",
        compute="f32",
        requires=("bulk-memory",),
        options={"operation": operation},
        quick=False,
    )
    for operation, summary in OPERATIONS.items()
]
