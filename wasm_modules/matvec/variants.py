"""The Wasm variants of matvec. ``f32-scalar`` comes first: it is the baseline where none is named."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from wasm_modules.ways import with_memory64, with_threads

SIMD = ("simd",)
RELAXED = ("simd", "relaxed-simd")


QUICK = ("f32-scalar", "f32-simd", "f32-relaxed", "f32-relaxed+rows", "f16-storage", "i8-relaxed")


def _parameters(rows: int, sums: int, opt_level: str = "speed") -> tuple[Parameter, ...]:
    """Independent sums hide the latency of an addition; several rows at a time load the vector once."""
    several = rows > 1
    return (
        *((Parameter("rows", gpu=rows, cpu=rows, choices=(2, 4, 8)),) if several else ()),
        Parameter("sums", gpu=sums, cpu=sums, choices=(1, 2) if several else (1, 2, 4, 8)),
        Parameter("opt_level", gpu=opt_level, cpu=opt_level, choices=("none", "speed")),
    )


def _matvec(
    name: str,
    summary: str,
    requires: tuple[str, ...],
    techniques: tuple[str, ...],
    parameters: tuple[Parameter, ...],
    **types: str,
) -> Variant:
    """``halves``: registers of the vector that one register of weights meets; ``width``: a step's bytes."""
    storage, layout = types.get("storage", "f32"), types.get("layout", "f32")
    scalar = "scalar" in techniques
    several = any(parameter.name == "rows" for parameter in parameters)
    return Variant(
        workload="matvec",
        name=name,
        runtime=Runtime.WASM,
        summary=summary,
        template="rows.wat",
        quick=name in QUICK,
        layout=layout,
        storage=storage,
        compute=types.get("compute", "i8" if storage == "i8" else "f32"),
        sums=types.get("sums", "f32"),
        techniques=techniques,
        requires=requires,
        parameters=parameters,
        options={
            "p": "i32",
            "shared": False,
            "arithmetic": techniques[-1],
            "vector": "f32" if scalar else "v128",
            "lanes": 1 if scalar else 4,
            "width": 4 if scalar else 16,
            "halves": 2 if layout in ("f16", "bf16", "i8-i16") else 1,
            **({} if several else {"rows": 1}),
        },
    )


ROWS = _parameters(1, 4)
INTERLEAVED = _parameters(8, 1)

# The module of this variant is shipped built, one text, so there is nothing to choose.
FP16 = (Parameter("rows", gpu=8, cpu=8), Parameter("sums", gpu=1, cpu=1))

_ONE_THREAD = [
    _matvec("f32-scalar", "one 32-bit float at a time", (), ("scalar",), ROWS, layout="scalar"),
    _matvec("f32-simd", "four floats at a time (SIMD128)", SIMD, ("simd",), ROWS),
    _matvec("f32-relaxed", "four floats at a time, fused multiply-add", RELAXED, ("relaxed",), ROWS),
    _matvec(
        "f32-simd+rows",
        "SIMD128, eight rows interleaved into one stream of weights",
        SIMD,
        ("interleaved", "simd"),
        INTERLEAVED,
    ),
    _matvec(
        "f32-relaxed+rows",
        "fused multiply-add, eight rows interleaved into one stream of weights",
        RELAXED,
        ("interleaved", "relaxed"),
        INTERLEAVED,
    ),
    _matvec(
        "f16-storage",
        "16-bit weights widened to 32-bit arithmetic in software; needs no FP16",
        RELAXED,
        ("interleaved", "software", "relaxed"),
        INTERLEAVED,
        storage="f16",
        layout="f16",
    ),
    _matvec(
        "bf16-storage",
        "weights as the upper halves of 32-bit floats, widened in software",
        RELAXED,
        ("interleaved", "software", "relaxed"),
        INTERLEAVED,
        storage="bf16",
        layout="bf16",
    ),
    _matvec(
        "i8-extmul",
        "8-bit weights and vector, sixteen products in two instructions (extmul)",
        SIMD,
        ("interleaved", "extmul"),
        INTERLEAVED,
        storage="i8",
        layout="i8",
    ),
    _matvec(
        "i8-dot",
        "8-bit weights and vector widened to 16, eight products an instruction (i32x4.dot_i16x8_s)",
        SIMD,
        ("interleaved", "dot"),
        INTERLEAVED,
        storage="i8",
        layout="i8-i16",
    ),
    _matvec(
        "i8-relaxed",
        "8-bit weights by a 7-bit vector, sixteen products an instruction (relaxed dot)",
        RELAXED,
        ("interleaved", "relaxed", "dot7"),
        INTERLEAVED,
        storage="i8",
        layout="i8-i7",
    ),
    _matvec(
        "i8-relaxed+channels",
        "8-bit weights, a scale for each row, by a 7-bit vector (relaxed dot)",
        RELAXED,
        ("interleaved", "channels", "relaxed", "dot7"),
        INTERLEAVED,
        storage="i8",
        layout="i8-channels",
    ),
    replace(
        _matvec(
            "i7-relaxed+blocks",
            "7-bit weights and an 8-bit vector, a scale for each 32 of both (relaxed dot)",
            RELAXED,
            ("blocks", "relaxed", "dot7"),
            _parameters(4, 1),
            storage="i8",
            layout="i8-blocks",
        ),
        template="blocks.wat",
        parameters=(Parameter("rows", gpu=4, cpu=4, choices=(1, 2, 4, 8)), ROWS[-1]),
        options={"format": "q7_0", "p": "i32", "shared": False},
    ),
    _matvec(
        "f16-native",
        "half precision throughout, eight products an instruction (FP16)",
        ("simd", "fp16"),
        ("interleaved", "fp16"),
        FP16,
        storage="f16",
        compute="f16",
        sums="f16",
        layout="f16-f16",
    ),
]

NAMED = {variant.name: variant for variant in _ONE_THREAD}

VARIANTS = [
    *_ONE_THREAD,
    with_threads(NAMED["f32-relaxed+rows"]),
    with_threads(NAMED["i8-relaxed"]),
    with_memory64(NAMED["f32-relaxed+rows"]),
    with_memory64(NAMED["f32-relaxed+rows"], base_gib=4),
]
