"""The WGSL variants of q4-matvec: format x arithmetic x walk. ``f32``, the first, is the baseline."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

ROWS = Parameter("rows_per_thread", gpu=1, cpu=8, choices=(1, 2, 4, 8, 16))
WORKGROUP = Parameter("workgroup_size", gpu=32, cpu=64, choices=(32, 64, 128, 256))
# A word of scales has those of four rows.
FOURS = Parameter("rows_per_thread", gpu=4, cpu=8, choices=(4, 8, 16))
# WebGPU promises four lanes; a target may tell of more.
LANES = Parameter("lanes", gpu=4, cpu=4, limit="subgroupMinSize")
UNROLL = Parameter("unroll", gpu=4, cpu=1, choices=(1, 2, 4))
TOGETHER = (
    Parameter("rows_per_group", gpu=4, cpu=16, choices=(1, 2, 4, 8, 16)),
    Parameter("workgroup_size", gpu=128, cpu=64, choices=(32, 64, 128, 256)),
)

DOT4 = "packed_4x8_integer_dot_product"

FORMATS = {
    "q4f16_1": "MLC's q4f16_1: neighbours share a byte, 7 in the middle, scales apart",
    "nbits": "ONNX Runtime's MatMulNBits: neighbours share a byte, 8 in the middle, scales apart",
    "q4_0": "llama.cpp's Q4_0: blocks of 18 bytes, each with its scale",
    "q4_k": "llama.cpp's Q4_K: 256 weights in 144 bytes, with a minimum for each 32",
}
ARITHMETIC = {
    "f32": ("", (), "widened to f32"),
    "f16": ("-f16", ("shader-f16",), "16-bit products, 32-bit sums"),
    "i8": ("-dot4", (DOT4,), "the vector in blocks of 8 bits, four products an instruction (dot4I8Packed)"),
}


WALKS = {
    (): "a thread walks rows of its own",
    ("rowwise", "subgroup"): "a subgroup walks a row",
    ("subgroup",): "a thread walks rows of its own, the vector handed from lane to lane",
    ("subgroup", "swizzle"): "a thread's rows interleaved, the vector handed from lane to lane",
}


def _variant(format: str, compute: str, techniques: tuple[str, ...]) -> Variant:
    suffix, needs, how = ARITHMETIC[compute]
    handed, swizzled = "rowwise" not in techniques and bool(techniques), "swizzle" in techniques
    walk = WALKS[techniques]
    return Variant(
        workload="q4-matvec",
        name="+".join([f"{format}{suffix}", *techniques]),
        runtime=Runtime.WGSL,
        summary=f"{FORMATS[format]}; {how}; {walk}",
        template="swizzle.wgsl"
        if swizzled
        else "rowwise.wgsl"
        if "rowwise" in techniques
        else "threads.wgsl",
        layout=f"{format}-{compute}" + ("-swizzle" if swizzled else ""),
        storage="q4",
        compute=compute,
        techniques=(*techniques, "dot4") if compute == "i8" else techniques,
        requires=(*needs, "subgroups") if techniques else needs,
        parameters=TOGETHER
        if "rowwise" in techniques
        else (FOURS if swizzled else ROWS, WORKGROUP, *((LANES,) if handed else ())),
        options={"format": format},
        quick=not techniques,
    )


F32 = Variant(
    workload="q4-matvec",
    name="f32",
    runtime=Runtime.WGSL,
    summary="32-bit weights, eight times as many bytes: what 4 bits are compared with",
    template="f32.wgsl",
    layout="f32",
    storage="f32",
    compute="f32",
    parameters=(ROWS, WORKGROUP, UNROLL),
)

VARIANTS = [
    F32,
    *(_variant(form, compute, ()) for form in FORMATS for compute in ARITHMETIC),
    *(_variant(form, compute, ("rowwise", "subgroup")) for form in FORMATS for compute in ("f32", "i8")),
    *(_variant(form, "f32", ("subgroup",)) for form in ("q4_0", "q4_k")),
    *(
        _variant(form, compute, ("subgroup", "swizzle"))
        for form in ("q4f16_1", "nbits")
        for compute in ("f32", "i8")
    ),
]
