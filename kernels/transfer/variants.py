"""The ways of bytes to a GPU and back, and the dispatch between them."""

from app.core.target import Runtime
from app.core.variant import Variant

OPERATIONS = {
    "upload": "host memory to a buffer (writeBuffer), until the GPU has it",
    "download": "a buffer to host memory: copied to a mappable buffer, mapped, copied out",
    "map": "the same without copying out: the host reads the mapped buffer in place",
    "dispatch": "one small dispatch, from its submission until the host knows it done",
}


def _made(name: str, summary: str, template: str, options: dict[str, int | str | bool]) -> Variant:
    return Variant(
        workload="transfer",
        name=name,
        runtime=Runtime.WGSL,
        summary=summary,
        template=template,
        layout="bytes",
        storage="f32",
        compute="f32",
        options=options,
        quick=False,
    )


FLOOR = "a nearly empty dispatch among thousands of one pass: what every kernel takes at least"

VARIANTS = [
    *(_made(name, words, "transfer.wgsl", {"operation": name}) for name, words in OPERATIONS.items()),
    _made("floor", FLOOR, "floor.wgsl", {}),
]
