"""The WGSL variants of attention-decode: a workgroup for each head, or for each part of its context."""

from msgspec.structs import replace

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

PARAMETERS = (
    Parameter("head_size", gpu=64, cpu=64, side=3),
    Parameter("workgroup_size", gpu=64, cpu=8, choices=(8, 16, 32, 64, 128)),
    Parameter("keys", gpu=4, cpu=4, choices=(1, 2, 4, 8)),
)
SPLIT = Parameter("split", gpu=8, cpu=2, choices=(2, 4, 8, 16))

TYPES = {
    "f32": ("f32", "a cache of 32 bits"),
    "f16-storage": ("f16", "a cache of 16 bits, 32-bit arithmetic"),
    "i8-storage": ("i8", "a cache of 8 bits with a scale for each head of a token, 32-bit arithmetic"),
}
HOWS = {
    (): "a workgroup for each head",
    ("splitk",): "a workgroup for each part of a head's context, merged in a second step",
    ("splitk", "subgroup"): "as split, largest and sums found by subgroups",
}


def _variant(types: str, techniques: tuple[str, ...]) -> Variant:
    storage, said = TYPES[types]
    return Variant(
        workload="attention-decode",
        name="+".join([types, *techniques]),
        runtime=Runtime.WGSL,
        summary=f"{said}; {HOWS[techniques]}",
        template="decode.wgsl",
        layout=storage,
        storage=storage,
        compute="f32",
        techniques=("rowwise", *techniques),
        requires=("subgroups",) if "subgroup" in techniques else (),
        parameters=(*PARAMETERS, *((SPLIT,) if "splitk" in techniques else ())),
        options={"causal": False},
        quick="subgroup" not in techniques,
    )


def _channels(like: Variant) -> Variant:
    """As ``like``, the scales of the keys those of their channels, which a query takes with it."""
    return replace(
        like,
        name=like.name.replace("i8-storage", "i8-storage+channels"),
        summary=like.summary.replace(
            "a scale for each head of a token",
            "a scale for each channel of the keys and each head of a value",
        ),
        layout="i8-channels",
        techniques=(*like.techniques, "channels"),
    )


_TOKENS = [_variant(types, techniques) for techniques in HOWS for types in TYPES]

VARIANTS = [*_TOKENS, *(_channels(v) for v in _TOKENS if v.name in ("i8-storage", "i8-storage+splitk"))]
