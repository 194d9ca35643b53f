"""The WGSL variants of attention-prefill: in passes, or fused with more and more queries to a thread.

Keys and values come from memory, from a stage in workgroup memory, or from another lane of the subgroup.
"""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from kernels.matmul.variants import VARIANTS as MATMUL

HEAD_SIZE = Parameter("head_size", gpu=64, cpu=64, side=3)
WORKGROUP = Parameter("workgroup_size", gpu=64, cpu=8, choices=(8, 16, 32, 64, 128))
# Of heads of 256, so many keys and values of 32 bits fill what every device has of workgroup memory.
STAGE = Parameter("stage", gpu=8, cpu=8, choices=(4, 8, 16, 32))

TWICE = {1: "a query", 2: "two queries", 4: "four queries", 8: "eight queries"}
TYPES = {
    "f32": ("f32", "f32", ""),
    "f16-storage": ("f16", "f32", "16-bit storage, 32-bit arithmetic; "),
    "f16": ("f16", "f16", "16-bit storage and products, 32-bit sums; "),
}
HOWS = {
    "": "which load each key and value once",
    "shared": "keys and values staged in workgroup memory",
    "subgroup": "keys and values loaded by one lane of a subgroup for all",
}
QUICK = (
    "f32",
    "f32-passes",
    "f32-queries8",
    "f32-queries4+shared",
    "f32-queries4+subgroup",
    "f16-storage-queries8",
    "f16-queries8",
)


def _variant(
    types: str, way: str, summary: str, technique: str = "", parameters: tuple[Parameter, ...] = ()
) -> Variant:
    storage, compute, said = TYPES[types]
    name = (f"{types}-{way}" if way else types) + (f"+{technique}" if technique else "")
    template = "passes" if way == "passes" else "fused"
    needs = (("shader-f16", compute == "f16"), ("subgroups", technique == "subgroup"))
    return Variant(
        workload="attention-prefill",
        name=name,
        runtime=Runtime.WGSL,
        summary=said + summary,
        template=f"{template}.wgsl",
        layout=f"{storage}-{template}",
        storage=storage,
        compute=compute,
        techniques=(technique,) if technique else (),
        requires=tuple(feature for feature, used in needs if used),
        parameters=(HEAD_SIZE, *parameters, WORKGROUP),
        options={"causal": True},
        quick=name in QUICK,
    )


def _fused(types: str, queries: int, technique: str = "") -> Variant:
    return _variant(
        types,
        "" if queries == 1 else f"queries{queries}",
        f"fused, softmax as it goes: {TWICE[queries]} a thread, {HOWS[technique]}",
        technique,
        (Parameter("queries", gpu=queries, cpu=queries), *((STAGE,) if technique == "shared" else ())),
    )


def _passes(types: str) -> Variant:
    summary = "three steps: scores, their softmax, the sum of values; the scores lie in memory between"
    return _variant(types, "passes", summary)


def _cooperative() -> Variant:
    """Both products by whole tiles of the size that the adapter multiplies, as matmul's."""
    like = next(variant for variant in MATMUL if variant.name == "f16-cooperative")
    return replace(
        like,
        workload="attention-prefill",
        summary="16-bit operands, 32-bit sums; three steps, two of them by whole tiles of a subgroup",
        parameters=(HEAD_SIZE, *like.parameters, WORKGROUP),
        options={"causal": True},
    )


VARIANTS = [
    _fused("f32", 1),
    _passes("f32"),
    *(_fused("f32", queries) for queries in (2, 4, 8)),
    *(_fused("f32", queries, technique) for technique in ("shared", "subgroup") for queries in (1, 4)),
    *(_fused(types, queries) for types in ("f16-storage", "f16") for queries in (1, 8)),
    *(_passes(types) for types in ("f16-storage", "f16")),
    *(_fused("f16", 4, technique) for technique in ("shared", "subgroup")),
    _cooperative(),
]
