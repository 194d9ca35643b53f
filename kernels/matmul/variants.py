"""The WGSL variants of matmul: types x techniques. The naive ``f32-naive``, the first, is the baseline."""

from msgspec import structs

from app.core.target import Runtime
from app.core.variant import Default, Parameter, Variant

DOT4 = "packed_4x8_integer_dot_product"

TYPES = (
    ("f32", "f32", "f32", "f32", "32-bit floats throughout"),
    ("f16", "f16", "f16", "f32", "16-bit storage and products, 32-bit sums"),
    ("f16-sum16", "f16", "f16", "f16", "16-bit floats throughout, sums too"),
    ("u8-dot4", "u8", "u8", "i32", "8-bit operands, four products an instruction (dot4U8Packed)"),
)

SQUARE = Parameter("tile", gpu=16, cpu=8, choices=(4, 8, 16))
# A tile's operands are loaded once for all its products, so large tiles win until registers run out; llvmpipe
# keeps its sums in the cache anyway and gains up to 16 x 16.
# Eight rows leave a single wave to each SIMD of AMD's integrated GPUs, whose registers are half as many.
INTEGRATED_AMD = Default(4, kind="IntegratedGPU", name="AMD|Radeon")
ROWS = Parameter("tile_rows", gpu=8, cpu=16, choices=(2, 4, 8, 16), special=(INTEGRATED_AMD,))
TILE = (ROWS, Parameter("tile_columns", gpu=8, cpu=16, choices=(4, 8, 16)))
LANE_TILE = (ROWS, Parameter("tile_columns", gpu=8, cpu=8, choices=(4, 8, 16)))
# Where lanes hand A on, a row costs a CPU adapter little more than its products.
TALL = structs.replace(ROWS, cpu=32, choices=(4, 8, 16, 32))
# A CPU adapter runs a workgroup on one core, lane by lane in its vector registers: a row of lanes suits it.
WORKGROUP = (
    Parameter("workgroup_x", gpu=8, cpu=8, choices=(4, 8, 16, 32)),
    Parameter("workgroup_y", gpu=8, cpu=1, choices=(1, 4, 8, 16)),
)
STAGE_WORKGROUP = (
    Parameter("workgroup_x", gpu=16, cpu=8, choices=(8, 16)),
    Parameter("workgroup_y", gpu=16, cpu=4, choices=(4, 8, 16)),
)
# A product below that has fewer tiles of 128 x 128 than a GPU has processors: 64 x 64 there.
SMALL = Default(4, below=1024)
STAGE_TILE = (
    Parameter("tile_rows", gpu=8, cpu=16, choices=(2, 4, 8, 16), special=(SMALL, INTEGRATED_AMD)),
    Parameter("tile_columns", gpu=8, cpu=16, choices=(4, 8, 16), special=(SMALL,)),
)
# Two, so that loads are on their way while the last stage is multiplied; a CPU fetches ahead by itself.
BUFFERS = Parameter("buffers", gpu=2, cpu=1, choices=(1, 2))
SPLIT_TILE = (
    Parameter("tile_rows", gpu=4, cpu=8),
    Parameter("tile_columns", gpu=4, cpu=8),
    Parameter("workgroup_x", gpu=16, cpu=8),
    Parameter("workgroup_y", gpu=16, cpu=4),
)
SPLIT = Parameter("split", gpu=4, cpu=2, choices=(2, 4, 8, 16))
STAGE = Parameter("stage", gpu=2, cpu=4, choices=(1, 2, 4))
# WebGPU promises four lanes; a target may tell of more.
LANES = (
    Parameter("workgroup_x", gpu=64, cpu=16, choices=(16, 32, 64, 128)),
    Parameter("workgroup_y", gpu=1, cpu=1),
    Parameter("lanes", gpu=4, cpu=4, limit="subgroupMinSize"),
)
GROUP_ROWS = Parameter("group_rows", gpu=8, cpu=4, choices=(1, 4, 8, 16))

TECHNIQUES: tuple[tuple[tuple[str, ...], str, tuple[Parameter, ...], str], ...] = (
    (("naive",), "a thread computes one element", (SQUARE,), "simple.wgsl"),
    (("shared",), "tiles staged in workgroup memory", (SQUARE,), "simple.wgsl"),
    (("tile",), "a thread computes a tile in registers", (*TILE, *WORKGROUP), "tile.wgsl"),
    (
        ("tile", "shared"),
        "register tiles over staged operands",
        (*STAGE_TILE, *STAGE_WORKGROUP, STAGE, BUFFERS),
        "tile_staged.wgsl",
    ),
    (
        ("tile", "shared", "splitk"),
        "small register tiles over staged operands, the depth split among workgroups, two passes",
        (*SPLIT_TILE, STAGE, BUFFERS, SPLIT),
        "tile_staged.wgsl",
    ),
    (("tile", "subgroup"), "register tiles, A handed from lane to lane", (*LANE_TILE, *LANES), "tile.wgsl"),
    (
        ("tile", "swizzle"),
        "register tiles over blocked operands, workgroups ordered for the cache",
        (*TILE, *WORKGROUP, GROUP_ROWS),
        "tile.wgsl",
    ),
    (
        ("tile", "subgroup", "swizzle"),
        "blocked operands, A handed from lane to lane",
        (*LANE_TILE, *LANES, GROUP_ROWS),
        "tile.wgsl",
    ),
)


def _variant(
    types: tuple[str, str, str, str, str],
    how: tuple[tuple[str, ...], str, tuple[Parameter, ...], str],
) -> Variant:
    name, storage, compute, sums, meaning = types
    techniques, summary, parameters, template = how
    needs = [
        ("shader-f16", storage == "f16"),
        (DOT4, compute == "u8"),
        ("subgroups", "subgroup" in techniques),
    ]
    if "subgroup" in techniques and storage == "f32":
        parameters = (TALL, *parameters[1:])
    layout = "flat" if template == "simple.wgsl" else "blocked" if "swizzle" in techniques else "words"
    return Variant(
        workload="matmul",
        name="+".join([f"{name}-{techniques[0]}", *techniques[1:]]),
        runtime=Runtime.WGSL,
        summary=f"{meaning}; {summary}",
        template=template,
        layout=f"{storage}-{layout}",
        storage=storage,
        compute=compute,
        sums=sums,
        techniques=(*techniques, "dot4") if compute == "u8" else techniques,
        requires=tuple(name for name, needed in needs if needed),
        parameters=parameters,
        quick=(name, techniques) in QUICK,
    )


QUICK = (("f32", ("naive",)), ("f32", ("tile",)), ("f16", ("tile",)), ("u8-dot4", ("tile",)))

COOPERATIVE_TYPES = (
    ("f16", "f32", "16-bit operands, 32-bit sums"),
    ("i8", "i32", "signed 8-bit operands, 32-bit sums"),
    ("u8", "i32", "8-bit operands, 32-bit sums"),
)
TILES = (1, 2, 4)


def _cooperative(storage: str, sums: str, meaning: str) -> Variant:
    """A subgroup multiplies tiles of the size that the adapter names, as one step."""
    sizes = tuple(
        Parameter(name, gpu=16, cpu=8, limit=f"subgroupMatrix{storage.upper()}{name.upper()}")
        for name in "mnk"
    )
    tiles = tuple(Parameter(name, gpu=2, cpu=2, choices=TILES) for name in ("tiles_down", "tiles_across"))
    needs = ("shader-f16",) if storage == "f16" else ()
    return Variant(
        workload="matmul",
        name=f"{storage}-cooperative",
        runtime=Runtime.WGSL,
        summary=f"{meaning}; a subgroup multiplies whole tiles as one step",
        template="cooperative.wgsl",
        layout=f"{storage}-cooperative",
        storage=storage,
        compute=storage,
        sums=sums,
        techniques=("cooperative",),
        requires=("cooperative-matrix", f"cooperative-{storage}", "subgroups", *needs),
        parameters=(*sizes, *tiles, Parameter("lanes", gpu=32, cpu=8, limit="subgroupMaxSize")),
        quick=False,
    )


# A thread's rows by tokens of weights in blocks, whose words it unpacks once for all of these.
BLOCK_TILE = (
    Parameter("tile_rows", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
    Parameter("tile_tokens", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
    Parameter("workgroup_x", gpu=16, cpu=8, choices=(8, 16, 32)),
    Parameter("workgroup_y", gpu=4, cpu=1, choices=(1, 4, 8, 16)),
)
# 64 rows and 64 tokens in f32 are all that every device has of workgroup memory.
STAGED_BLOCKS = (
    *(Parameter(name, gpu=4, cpu=2, choices=(1, 2, 4)) for name in ("tile_rows", "tile_tokens")),
    Parameter("workgroup_x", gpu=16, cpu=16, choices=(8, 16)),
    Parameter("workgroup_y", gpu=16, cpu=4, choices=(4, 8, 16)),
)


def _scaled(scales: str, techniques: tuple[str, ...]) -> Variant:
    """Signed 8 bits with scales of rows and columns, or of blocks, where the others have one for a tensor."""
    found = _variant(TYPES[-1], next(how for how in TECHNIQUES if how[0] == techniques))
    staged = "shared" in techniques
    blocks = {
        "template": "blocks_staged.wgsl" if staged else "blocks_threads.wgsl",
        "parameters": STAGED_BLOCKS if staged else BLOCK_TILE,
        "options": {"format": "q8_0"},
    }
    # Tiles that compile sooner: a CPU adapter gains little from larger ones here.
    sides = tuple(
        structs.replace(one, cpu=8) if one.name in ("tile_rows", "tile_columns") else one
        for one in found.parameters
    )
    meaning = {
        "channels": "signed 8-bit operands, a scale for each row and each column",
        "blocks": "llama.cpp's Q8_0 and columns of 8 bits, a scale for each 32",
    }
    return structs.replace(
        found,
        name="+".join(["i8-dot4-tile", scales, *techniques[1:]]),
        summary=f"{meaning[scales]} (dot4I8Packed); {found.summary.partition('; ')[2]}",
        layout=f"i8-{scales}",
        storage="i8",
        compute="i8",
        techniques=(*found.techniques, scales),
        quick=False,
        **(blocks if scales == "blocks" else {"parameters": sides}),
    )


VARIANTS = [
    *(_variant(types, how) for how in TECHNIQUES for types in TYPES),
    *(_cooperative(*types) for types in COOPERATIVE_TYPES),
    *(_scaled(scales, how) for scales in ("channels", "blocks") for how in (("tile",), ("tile", "shared"))),
]
