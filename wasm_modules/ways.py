"""Ways to run one template: on several threads, on a 64-bit memory, with scalars or four lanes."""

from msgspec.structs import replace

from app.core.target import Runtime
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


def _float(
    workload: str, how: str, summary: str, requires: tuple[str, ...], walk: tuple[Parameter, ...]
) -> Variant:
    lanes = 1 if how == "scalar" else 4
    return Variant(
        workload=workload,
        name=f"f32-{how}",
        runtime=Runtime.WASM,
        summary=summary,
        template=f"{workload}.wat",
        layout="f32",
        storage="f32",
        compute="f32",
        techniques=(how,),
        requires=requires,
        parameters=(*walk, Parameter("opt_level", gpu="speed", cpu="speed", choices=("none", "speed"))),
        options={"p": "i32", "shared": False, "lanes": lanes},
        quick=False,
    )


def float_variants(workload: str, *walk: Parameter) -> list[Variant]:
    """Scalar, SIMD128, relaxed, and that on all cores; ``walk`` says how wide a template goes."""
    one_thread = [
        _float(workload, "scalar", "one 32-bit float at a time", (), walk),
        _float(workload, "simd", "four floats at a time (SIMD128)", ("simd",), walk),
        _float(
            workload, "relaxed", "four floats at a time, fused multiply-add", ("simd", "relaxed-simd"), walk
        ),
    ]
    return [*one_thread, with_threads(one_thread[-1])]
