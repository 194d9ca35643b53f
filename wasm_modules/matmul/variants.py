"""The Wasm variants of matmul. ``f32-naive`` comes first: it is the baseline where none is named."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from wasm_modules.ways import with_memory64, with_threads


def _tunable(name: str, default: int | str, *choices: int | str) -> Parameter:
    return Parameter(name, gpu=default, cpu=default, choices=choices)


def _parameters(
    tile: tuple[int, int], unroll: int, opt_level: str, wide: bool, nc: int = 512, mc: int = 240
) -> tuple[Parameter, ...]:
    """Tile, unroll and blocks; sixteen vector registers hold eight to ten sums beside the operands.

    Cells of several bytes are packed eight columns at a time, so only floats have panels of twelve.
    """
    rows, columns = tile
    return (
        _tunable("mr", rows, 2, 3, 4, 5),
        _tunable("nr", columns, *((8, 12, 16) if columns == 12 else (8, 16) if wide else (2, 3, 4))),
        _tunable("unroll", unroll, 1, 2, 4),
        _tunable("kc", 512 if wide else 256, 256, 512),
        _tunable("mc", mc, 120, 240),
        _tunable("nc", nc, *((516, 1032) if columns == 12 else (512, 1024))),
        _tunable("opt_level", opt_level, "none", "speed"),
    )


def _gemm(
    name: str,
    summary: str,
    arithmetic: str,
    parameters: tuple[Parameter, ...],
    requires: tuple[str, ...] = (),
    **types: str,
) -> Variant:
    storage = types.get("storage", "f32")
    integer = storage == "i8"
    size = {"i8": 1, "f16": 2, "f32": 4}[storage]
    wide = arithmetic != "scalar"
    group = {"dot": 2, "relaxed-dot": 4}.get(arithmetic, 1)
    return Variant(
        workload="matmul",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template="gemm.wat",
        layout=types.get("layout", "f32"),
        storage=storage,
        compute=storage,
        sums=types.get("sums", "f32"),
        techniques=tuple(arithmetic.split("-")),
        requires=requires,
        parameters=parameters,
        options={
            "p": "i32",
            "shared": False,
            "arithmetic": arithmetic,
            "integer": integer,
            "vector": "v128" if wide else "i32" if integer else "f32",
            "lanes": 8 if arithmetic == "fp16" else 4 if wide else 1,
            "bytes": size,
            "group": group,
            "cell": size if group == 1 else 4,
            "a_chunk": {"dot": 8, "simd": 4, "relaxed": 4}.get(arithmetic, group),
        },
    )


# The modules of this variant are shipped built, one text each, so there is nothing to choose.
FP16 = tuple(
    _tunable(n, v) for n, v in {"mr": 4, "nr": 16, "unroll": 2, "kc": 256, "mc": 240, "nc": 512}.items()
)

# Three vectors of B for each splat of A: splats take the place of products where both want the same units.
WIDE = (3, 12)

_ONE_THREAD = [
    Variant(
        workload="matmul",
        name="f32-naive",
        runtime=Runtime.WASM,
        summary="three nested loops, one 32-bit float at a time",
        template="naive.wat",
        layout="plain",
        storage="f32",
        compute="f32",
        techniques=("scalar",),
        parameters=(_tunable("opt_level", "speed", "none", "speed"),),
        options={"p": "i32", "shared": False},
    ),
    _gemm(
        "f32-scalar",
        "packed panels, tiles in registers, one float at a time",
        "scalar",
        _parameters((3, 3), 1, "speed", wide=False),
    ),
    _gemm(
        "f32-simd",
        "packed panels, four floats at a time (SIMD128)",
        "simd",
        _parameters(WIDE, 1, "speed", wide=True, nc=1032, mc=120),
        ("simd",),
    ),
    _gemm(
        "f32-relaxed",
        "packed panels, four floats at a time, fused multiply-add",
        "relaxed",
        _parameters(WIDE, 4, "none", wide=True, nc=1032, mc=120),
        ("simd", "relaxed-simd"),
    ),
    replace(
        _gemm(
            "f32-simd+pairs",
            "packed panels, tiles of 4 x 16, whose vectors V8's revectorisation (experimental) joins",
            "simd",
            _parameters((4, 16), 1, "speed", wide=True, nc=1024, mc=120),
            ("simd",),
        ),
        techniques=("simd", "pairs"),
        quick=False,
    ),
    _gemm(
        "i8-scalar",
        "8-bit operands, one product at a time",
        "scalar",
        _parameters((3, 3), 1, "speed", wide=False),
        storage="i8",
        layout="i8",
    ),
    _gemm(
        "i8-dot",
        "8-bit operands widened to 16, eight products an instruction (i32x4.dot_i16x8_s)",
        "dot",
        _parameters((5, 8), 1, "speed", wide=True, nc=1024),
        ("simd",),
        storage="i8",
        layout="i8",
    ),
    _gemm(
        "i7-relaxed",
        "7-bit by 8-bit, sixteen products an instruction (relaxed dot)",
        "relaxed-dot",
        _parameters((4, 8), 1, "speed", wide=True, nc=1024),
        ("simd", "relaxed-simd"),
        storage="i8",
        layout="i7-i8",
    ),
    _gemm(
        "f16-native",
        "half precision throughout, eight products an instruction (FP16), 32-bit sums of blocks",
        "fp16",
        FP16,
        ("simd", "fp16"),
        storage="f16",
        layout="f16",
        sums="f16",
    ),
]

_ONE_THREAD.append(
    replace(
        next(variant for variant in _ONE_THREAD if variant.name == "i7-relaxed"),
        name="i7-relaxed+blocks",
        summary="7-bit rows and 8-bit columns, a scale for each 32 of both (relaxed dot)",
        template="blocks.wat",
        layout="i8-blocks",
        techniques=("blocks", "relaxed", "dot"),
        parameters=(
            _tunable("rows", 2, 1, 2, 4),
            _tunable("tokens", 4, 2, 4, 8),
            _tunable("opt_level", "speed", "none", "speed"),
        ),
        options={"format": "q7_0", "p": "i32", "shared": False, "lanes": 4},
        quick=False,
    )
)


def _channels(product: Variant) -> Variant:
    """As ``product``, with a scale for each row and each column."""
    return replace(
        product,
        name=f"{product.name}+channels",
        summary=f"{product.summary}; a scale for each row and each column",
        layout=f"{product.layout}-channels",
        techniques=(*product.techniques, "channels"),
        quick=False,
    )


_ONE_THREAD += [_channels(v) for v in _ONE_THREAD if v.name in ("i8-dot", "i7-relaxed")]

NAMED = {variant.name: variant for variant in _ONE_THREAD}

VARIANTS = [
    *_ONE_THREAD,
    with_threads(NAMED["f32-relaxed"]),
    with_memory64(NAMED["f32-relaxed"]),
    with_memory64(NAMED["f32-relaxed"], base_gib=4),
]
