"""The Wasm variants of q4-matmul: format x arithmetic. ``f32`` comes first: it is the baseline."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from wasm_modules.matmul.variants import NAMED
from wasm_modules.q4_matvec.variants import FORMATS
from wasm_modules.ways import with_threads

RELAXED = ("simd", "relaxed-simd")
ARITHMETIC = {
    "-simd": ("f32", ("simd",), "widened to f32, four at a time (SIMD128)"),
    "-relaxed": ("f32", RELAXED, "widened to f32, four at a time, fused multiply-add"),
    "-i8-relaxed": ("i8", RELAXED, "the tokens in blocks of 8 bits, relaxed dot"),
}


def _parameters(format: str) -> tuple[Parameter, ...]:
    """A unit of Q4_K is eight blocks, written out: more rows would not fit the registers."""
    rows = 1 if format == "q4_k" else 2
    return (
        Parameter("rows", gpu=rows, cpu=rows, choices=(1, 2, 4)),
        Parameter("tokens", gpu=4, cpu=4, choices=(2, 4, 8)),
        Parameter("opt_level", gpu="speed", cpu="speed", choices=("none", "speed")),
    )


def _variant(format: str, how: str) -> Variant:
    compute, needs, meaning = ARITHMETIC[how]
    return Variant(
        workload="q4-matmul",
        name=f"{format}{how}",
        runtime=Runtime.WASM,
        summary=f"{FORMATS[format]}; {meaning}",
        template="tile.wat",
        layout=f"{format}-{compute}",
        storage="q4",
        compute=compute,
        techniques=(how.rpartition("-")[2],),
        requires=needs,
        parameters=_parameters(format),
        options={"format": format, "p": "i32", "shared": False, "lanes": 4},
        quick=how != "-simd",
    )


F32 = replace(
    NAMED["f32-relaxed"],
    workload="q4-matmul",
    name="f32",
    summary="32-bit weights, packed panels, four floats at a time, fused multiply-add",
    template="f32.wat",
    layout="f32",
)

_FASTEST = [_variant(form, "-i8-relaxed") for form in FORMATS]

VARIANTS = [
    F32,
    *(_variant(form, how) for how in ("-simd", "-relaxed") for form in FORMATS),
    *_FASTEST,
    *map(with_threads, _FASTEST),
]
