"""Take the example session anew: ``python -m resources.examples.take``.

On a quiet machine, with every software GPU that ``tools/software_gpus.sh`` sets up: the window offers the
session where there is no GPU to explore, and says of it what it was measured on.
"""

import sys
from pathlib import Path

from app.catalog.named_plans import Choice
from app.catalog.request import Request
from app.cli.run import Job, Outputs, run_command
from app.core.plan import Settings

PATH = Path(__file__).parent / "software-gpus.kernelscope.json.gz"

REQUEST = Request(
    choices=(
        Choice(sizes=("256", "512", "1024", "2048")),
        Choice(
            workload=("matmul",),
            variant=(
                "wgsl/f32-tile",
                "wgsl/f16-tile",
                "wgsl/u8-dot4-tile",
                "f32-scalar",
                "f32-simd",
                "f32-relaxed",
                "i7-relaxed",
                "numpy/*",
            ),
            sizes=("128", "256", "512"),
        ),
        Choice(workload=("suspend",), sizes=("8", "12")),
    ),
    baseline="f32,f32-tile,f32-scalar,plain",
    settings=Settings(seconds=0.3),
)

if __name__ == "__main__":
    sys.exit(run_command(Job(REQUEST), Outputs(session=PATH)))
