"""The WGSL recipes of encoder: storage x arithmetic, and techniques for every operator that knows them."""

from app.core.target import Runtime
from app.core.variant import Variant

DOT4 = "packed_4x8_integer_dot_product"

Options = dict[str, int | str | bool]

TYPES: tuple[tuple[str, str, str, Options, str], ...] = (
    ("f32", "f32", "f32", {}, "32-bit floats throughout"),
    ("f16-storage", "f16", "f32", {"cache": "f16"}, "16-bit storage widened to 32-bit arithmetic"),
    ("f16", "f16", "f16", {"cache": "f16"}, "16-bit storage and products, 32-bit sums"),
    (
        "i8-dot4+channels",
        "i8",
        "i8",
        {"scales": "channels", "cache": "f16"},
        "8-bit weights by column and activations by token (dot4I8Packed)",
    ),
    (
        "i8-dot4+blocks",
        "i8",
        "i8",
        {"scales": "blocks", "cache": "f16"},
        "8-bit weights and activations in blocks of 32 (dot4I8Packed)",
    ),
    *(
        (
            f"{form}{suffix}",
            "q4",
            compute,
            Options({"format": form, "cache": "f16"}),
            f"4-bit weights in {known}, {how}",
        )
        for form, known in (
            ("q4f16_1", "MLC's q4f16_1"),
            ("nbits", "ONNX Runtime's blocks"),
            ("q4_0", "llama.cpp's Q4_0"),
            ("q4_k", "llama.cpp's Q4_K"),
        )
        for suffix, compute, how in (
            ("", "f32", "32-bit arithmetic"),
            ("-f16", "f16", "16-bit arithmetic"),
            ("-dot4", "i8", "activations in blocks of 8 bits (dot4I8Packed)"),
        )
    ),
)

WAYS = {
    (): "",
    ("shared", "rowwise"): "; operands staged in workgroup memory",
    ("subgroup", "rowwise"): "; subgroups share what they load",
}

QUICK = ("f32", "f16-storage", "f16", "i8-dot4+channels", "q4f16_1", "q4f16_1-dot4")


def recipes(workload: str, without: tuple[str, ...] = ()) -> list[Variant]:
    """Those of a model, but for types ``without``."""
    return [
        Variant(
            workload=workload,
            name="+".join([name, *ways[:1]]),
            runtime=Runtime.WGSL,
            summary=meaning + said,
            template="",
            layout="",
            storage=storage,
            compute=compute,
            techniques=(*ways, *(("dot4",) if compute == "i8" else ())),
            requires=(
                *(("shader-f16",) if "f16" in (storage, compute) and compute == "f16" else ()),
                *((DOT4,) if compute == "i8" else ()),
            ),
            options=options,
            quick=name in QUICK and not ways,
        )
        for ways, said in WAYS.items()
        for name, storage, compute, options, meaning in TYPES
        if name not in without and (not ways or name in QUICK)
    ]


VARIANTS = recipes("encoder")
