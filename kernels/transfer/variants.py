"""The ways of bytes to a GPU and back, and the dispatch between them."""

from app.core.target import Runtime
from app.core.variant import Operation, Variant

OPERATIONS = {
    Operation.UPLOAD: "host memory to a buffer (writeBuffer), until the GPU has it",
    Operation.DOWNLOAD: "a buffer to host memory: copied to a mappable buffer, mapped, copied out",
    Operation.MAP: "the same without copying out: the host reads the mapped buffer in place",
    Operation.DISPATCH: "one small dispatch, from its submission until the host knows it done",
}


def _made(name: str, summary: str, operation: Operation | None = None) -> Variant:
    copies = operation in (None, Operation.DISPATCH)
    return Variant(
        workload="transfer",
        name=name,
        runtime=Runtime.WGSL,
        summary=summary,
        template="copy.wgsl" if copies else "transfer.wgsl",
        layout="bytes",
        storage="f32",
        compute="f32",
        operation=operation,
        quick=False,
    )


FLOOR = "a nearly empty dispatch among thousands of one pass: what every kernel takes at least"

VARIANTS = [
    *(_made(way.value, words, way) for way, words in OPERATIONS.items()),
    _made("floor", FLOOR),
]
