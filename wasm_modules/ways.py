"""Other ways to run a variant: the same template on several threads, or on a 64-bit memory."""

from msgspec.structs import replace

from app.core.variant import Parameter, Variant
from app.system import cores

CORES = cores()


def with_threads(variant: Variant) -> Variant:
    """``variant`` on every core that this process may use, over one shared memory, an instance per thread."""
    counts = tuple(sorted({2**i for i in range(CORES.bit_length()) if 2**i <= CORES} | {CORES}))
    return replace(
        variant,
        name=f"{variant.name}+threads",
        summary=f"{variant.summary}; rows shared out among threads",
        techniques=(*variant.techniques, "threads"),
        requires=(*variant.requires, "threads"),
        parameters=(*variant.parameters, Parameter("threads", gpu=CORES, cpu=CORES, choices=counts)),
        options={**variant.options, "shared": True},
        quick=False,
    )


def with_memory64(variant: Variant, base_gib: int = 0) -> Variant:
    """``variant`` with 64-bit addresses: with ``base_gib``, every operand lies that far up."""
    where = f"; every operand beyond {base_gib} GiB" if base_gib else ""
    return replace(
        variant,
        name=f"{variant.name}+memory64" + ("-high" if base_gib else ""),
        summary=f"{variant.summary}; 64-bit addresses{where}",
        techniques=(*variant.techniques, "memory64"),
        requires=(*variant.requires, "memory64"),
        parameters=(
            *variant.parameters,
            *((Parameter("base_gib", gpu=base_gib, cpu=base_gib),) if base_gib else ()),
        ),
        options={**variant.options, "p": "i64"},
        quick=False,
    )
