"""The WGSL variants of copy."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant

VARIANTS = [
    Variant(
        workload="copy",
        name="f32",
        runtime=Runtime.WGSL,
        summary="each thread copies words of 4, 8 or 16 bytes",
        template="copy.wgsl",
        layout="words",
        storage="f32",
        compute="f32",
        parameters=(
            Parameter("workgroup_size", gpu=256, cpu=64, choices=(32, 64, 128, 256)),
            Parameter("groups", gpu=4096, cpu=16, choices=(16, 64, 256, 1024, 4096)),
            Parameter("vector_width", gpu=4, cpu=4, choices=(1, 2, 4)),
            Parameter("unroll", gpu=1, cpu=4, choices=(1, 2, 4)),
            Parameter("order", gpu="adjacent", cpu="contiguous", choices=("adjacent", "contiguous")),
        ),
        quick=False,
    )
]
