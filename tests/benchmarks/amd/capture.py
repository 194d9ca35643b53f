"""SPIR-V of kernels, as wgpu hands it to llvmpipe: ``capture.py CHECKOUT FOLDER``, a process of its own.

``MESA_SPIRV_DUMP_PATH`` has to be FOLDER. Each entry point becomes a file there; ``kernels.json`` lists them.
"""

import json
import sys
from pathlib import Path

CHECKOUT, FOLDER = sys.argv[1], Path(sys.argv[2])
sys.path.insert(0, CHECKOUT)

import wgpu  # noqa: E402

from app.catalog.index import variants  # noqa: E402
from app.catalog.programs import source  # noqa: E402
from app.core.shape import Shape  # noqa: E402
from app.core.target import Runtime, Target  # noqa: E402
from app.core.variant import Variant  # noqa: E402

GPU = Target("gpu", "gpu", "webgpu", Runtime.WGSL, "", "Vulkan", "", "DiscreteGPU")
SHAPES = {"matvec": Shape(4096, 4096), "matmul": Shape(1024, 1024, 1024)}


def defaults(variant: Variant) -> dict[str, int | str]:
    """Those for a large shape; older checkouts knew no shapes."""
    try:
        return variant.defaults(GPU, SHAPES[variant.workload])
    except TypeError:
        return variant.defaults(GPU)


def main() -> None:
    (adapter,) = (a for a in wgpu.gpu.enumerate_adapters_sync() if a.info["backend_type"] == "Vulkan")
    device = adapter.request_device_sync(required_features=["shader-f16", "subgroup"])
    found = []
    for variant in variants():
        if variant.runtime is not Runtime.WGSL or variant.workload not in SHAPES or not variant.checked:
            continue
        if "cooperative" in variant.techniques:
            continue  # which naga does not compile
        parameters = defaults(variant)
        for left in FOLDER.glob("spirv-*"):
            left.unlink()
        module = device.create_shader_module(code=source(variant, parameters))
        device.create_compute_pipeline(layout="auto", compute={"module": module, "entry_point": "main"})
        (fresh,) = FOLDER.glob("spirv-*")
        path = fresh.rename(FOLDER / f"{variant.workload}-{variant.name}.spv")
        found.append(
            {
                "workload": variant.workload,
                "name": variant.name,
                "storage": f"{variant.storage}-{variant.compute}",
                "techniques": variant.techniques,
                "parameters": parameters,
                "file": str(path),
            }
        )
    (FOLDER / "kernels.json").write_text(json.dumps(found))


main()
