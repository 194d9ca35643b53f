"""The ways of bytes to a GPU and back, and the dispatch between them."""

from app.core.target import Runtime
from app.core.variant import Operation, Variant

OPERATIONS = {
    Operation.UPLOAD: "host memory to a buffer (writeBuffer), until the GPU has it",
    Operation.DOWNLOAD: "a buffer to host memory: copied to a mappable buffer, mapped, copied out",
    Operation.MAP: "the same without copying out: the host reads the mapped buffer in place",
    Operation.DISPATCH: "one small dispatch, from its submission until the host knows it done",
}

VARIANTS = [
    Variant(
        workload="transfer",
        name=operation.value,
        runtime=Runtime.WGSL,
        summary=summary,
        template="transfer.wgsl",
        layout="bytes",
        storage="f32",
        compute="f32",
        operation=operation,
        quick=False,
    )
    for operation, summary in OPERATIONS.items()
]
