"""The WGSL variants of matvec: storage x arithmetic x techniques. ``f32``, the first, is the baseline."""

from itertools import product

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Default, Parameter, Variant

# One thread that walks several rows loads the vector once for all of them. CPU adapters gain most from
# it (llvmpipe: 1.7x at eight rows). A GPU has more threads than there are rows: one each, in small workgroups
# that spread over all of its processors, and several words in flight instead.
ROWS = Parameter("rows_per_thread", gpu=1, cpu=8, choices=(1, 2, 4, 8, 16))
SEVERAL_ROWS = Parameter("rows_per_thread", gpu=4, cpu=8, choices=(1, 2, 4, 8, 16))
WORKGROUP = Parameter("workgroup_size", gpu=32, cpu=64, choices=(32, 64, 128, 256))
UNROLL = Parameter("unroll", gpu=4, cpu=1, choices=(1, 2, 4))

# Few rows are one a workgroup, so that there are workgroups enough.
FEW = 1024
ROWS_PER_GROUP = Parameter("rows_per_group", gpu=4, cpu=4, choices=(1, 2, 4, 8), special=(Default(1, FEW),))
TOGETHER = Parameter("workgroup_size", gpu=64, cpu=64, choices=(32, 64, 128, 256))
SUBGROUP_WALKS = (
    Parameter("rows_per_group", gpu=4, cpu=16, choices=(1, 2, 4, 8, 16), special=(Default(2, FEW),)),
    Parameter("workgroup_size", gpu=128, cpu=64, choices=(32, 64, 128, 256), special=(Default(64, FEW),)),
    Parameter("loads", gpu=4, cpu=4, choices=(1, 2, 4)),
)
SPLIT = Parameter("split", gpu=8, cpu=2, choices=(2, 4, 8, 16, 32))

DOT4 = "packed_4x8_integer_dot_product"

TYPES = (
    ("f32", "f32", "f32", "32-bit floats throughout"),
    ("f16", "f16", "f16", "16-bit storage and products, 32-bit sums"),
    ("f16-storage", "f16", "f32", "16-bit storage widened to 32-bit arithmetic"),
    ("u8", "u8", "f32", "8-bit weights unpacked to 32-bit arithmetic"),
    ("u8-f16", "u8", "f16", "8-bit weights unpacked to 16-bit products, 32-bit sums"),
    ("u8-dot4", "u8", "u8", "8-bit weights and vector, four products an instruction (dot4U8Packed)"),
    ("i8-dot4", "i8", "i8", "signed 8-bit weights and vector (dot4I8Packed)"),
)

QUICK = ("f32", "f16", "f16-storage", "u8", "u8-dot4")

LAYOUTS = {
    "": "",
    "swizzle": "a thread's rows interleaved",
    "coalesced": "neighbouring lanes read neighbouring words",
}
STAGING = {
    "": "",
    "shared": "vector staged in workgroup memory",
    "subgroup": "vector handed from lane to lane",
}
ROWWISE = {
    ("rowwise",): "a workgroup walks a row together, tree sum",
    ("rowwise", "subgroup"): "a subgroup walks a row together, subgroupAdd",
    ("splitk",): "columns split among workgroups, two passes",
    ("splitk", "subgroup"): "columns split among workgroups, subgroupAdd, two passes",
}


def _variant(
    types: tuple[str, str, str, str],
    techniques: tuple[str, ...],
    summary: str,
    template: str,
    layout: str,
    parameters: tuple[Parameter, ...],
) -> Variant:
    name, storage, compute, meaning = types
    summary = summary or "a thread walks rows of its own, as in the article"
    needs = [("shader-f16", compute == "f16"), (DOT4, compute in ("u8", "i8"))]
    needs.append(("subgroups", "subgroup" in techniques))
    return Variant(
        workload="matvec",
        name="+".join([name, *techniques]),
        runtime=Runtime.WGSL,
        summary="; ".join(part for part in (meaning, summary) if part),
        template=template,
        layout=f"{storage}-{compute}-{layout}",
        storage=storage,
        compute=compute,
        techniques=(*techniques, "dot4") if compute in ("u8", "i8") else techniques,
        requires=tuple(name for name, needed in needs if needed),
        parameters=parameters,
        quick=not techniques and name in QUICK,
    )


def _threads(types: tuple[str, str, str, str], layout: str, staging: str) -> Variant:
    """Each thread walks rows of its own."""
    # What is staged or handed over is for several rows, and these are loads in flight as well.
    if staging:
        parameters: tuple[Parameter, ...] = (SEVERAL_ROWS, TOGETHER)
    else:
        parameters = (SEVERAL_ROWS if layout == "swizzle" else ROWS, WORKGROUP, UNROLL)
    return _variant(
        types,
        tuple(sorted(part for part in (layout, staging) if part)),
        "; ".join(part for part in (LAYOUTS[layout], STAGING[staging]) if part),
        "matvec.wgsl",
        layout or "plain",
        parameters,
    )


def _rowwise(types: tuple[str, str, str, str], techniques: tuple[str, ...]) -> Variant:
    """The lanes of a workgroup share a row."""
    split = (SPLIT,) if "splitk" in techniques else ()
    alone = techniques == ("rowwise", "subgroup")
    return _variant(
        types,
        techniques,
        ROWWISE[techniques],
        "matvec_subgroup.wgsl" if alone else "matvec_rowwise.wgsl",
        "plain",
        SUBGROUP_WALKS if alone else (ROWS_PER_GROUP, TOGETHER, *split),
    )


EIGHT = {
    "channels": "signed 8-bit weights and vector, a scale for each row (dot4I8Packed)",
    "blocks": "llama.cpp's Q8_0 and a vector of 8 bits, a scale for each 32 (dot4I8Packed)",
}


def _scaled(scales: str, techniques: tuple[str, ...]) -> Variant:
    """Scales of a row, or of a block as in 4-bit formats, where the others have one for the whole tensor."""
    blocks = scales == "blocks"
    found = _rowwise(TYPES[-1], techniques) if techniques else _threads(TYPES[-1], "", "")
    how = ROWWISE.get(techniques, "a thread walks rows of its own")
    return replace(
        found,
        name="+".join(["i8-dot4", scales, *techniques]),
        summary=f"{EIGHT[scales]}; {how}",
        template=f"blocks_{'rowwise' if techniques else 'threads'}.wgsl" if blocks else found.template,
        layout=f"i8-{scales}",
        techniques=(*found.techniques, scales),
        parameters=found.parameters[:2] if blocks else found.parameters,
        options={"format": "q8_0"} if blocks else {},
    )


# Plain variants first, so that lists and legends begin with what people know.
VARIANTS = [
    *(_threads(types, "", "") for types in TYPES),
    *(_threads(types, *how) for types in TYPES for how in product(LAYOUTS, STAGING) if any(how)),
    *(_rowwise(types, techniques) for types in TYPES for techniques in ROWWISE),
    *(_scaled(scales, how) for scales in EIGHT for how in ((), ("rowwise", "subgroup"))),
]
