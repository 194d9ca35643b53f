"""The WGSL variants of attention-prefill: in passes, or fused with more and more queries to a thread."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

HEAD_SIZE = Parameter("head_size", gpu=64, cpu=64, side=3)
WORKGROUP = Parameter("workgroup_size", gpu=64, cpu=8, choices=(8, 16, 32, 64, 128))

TWICE = {1: "a query", 2: "two queries", 4: "four queries", 8: "eight queries"}


def _fused(queries: int) -> Variant:
    return Variant(
        workload="attention-prefill",
        name="f32" if queries == 1 else f"f32-queries{queries}",
        runtime=Runtime.WGSL,
        summary=f"fused, softmax as it goes: {TWICE[queries]} a thread, which load each key and value once",
        template="fused.wgsl",
        layout="fused",
        storage="f32",
        compute="f32",
        parameters=(HEAD_SIZE, Parameter("queries", gpu=queries, cpu=queries), WORKGROUP),
        options={"causal": True},
    )


PASSES = Variant(
    workload="attention-prefill",
    name="f32-passes",
    runtime=Runtime.WGSL,
    summary="three steps: scores, their softmax, the sum of values; the scores lie in memory between",
    template="passes.wgsl",
    layout="passes",
    storage="f32",
    compute="f32",
    parameters=(HEAD_SIZE, WORKGROUP),
    options={"causal": True},
)

VARIANTS = [_fused(1), PASSES, *map(_fused, (2, 4, 8))]
