"""Limits come first: what cannot run is refused by its shape alone, naming the limit, with nothing made."""

import time
import tracemalloc

import pytest

from app.catalog import index as catalog
from app.catalog.index import variants
from app.catalog.programs import source
from app.core.edit import Edit
from app.core.measurement import Status
from app.core.plan import Case
from app.core.shape import Shape
from app.core.sketch import sketch
from app.core.target import Feature, FeatureState, Runtime, Target
from app.core.variant import Variant
from app.measure import limits
from app.measure.prepare import Refused, prepare
from app.workloads import workloads

GPU_LIMITS = {
    "maxStorageBufferBindingSize": 128 << 20,
    "maxBufferSize": 256 << 20,
    "maxStorageBuffersPerShaderStage": 8,
    "maxComputeWorkgroupsPerDimension": 65535,
    "maxComputeWorkgroupStorageSize": 16384,
    "maxComputeInvocationsPerWorkgroup": 256,
    "maxComputeWorkgroupSizeX": 256,
    "maxComputeWorkgroupSizeY": 256,
    "maxComputeWorkgroupSizeZ": 64,
}
GPU = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "DiscreteGPU", limits=GPU_LIMITS)
LARGE = {**GPU_LIMITS, "maxStorageBufferBindingSize": 1 << 40, "maxBufferSize": 1 << 40}
LARGE_GPU = Target("g", "G", "webgpu", Runtime.WGSL, "", "", "", "DiscreteGPU", limits=LARGE)
PROPOSALS = tuple(Feature(name, FeatureState.SUPPORTED) for name in ("simd", "relaxed-simd", "memory64"))
WASM = Target("w", "W", "v8", Runtime.WASM, "", "", "", "CPU", PROPOSALS)
NUMPY = Target("n", "N", "native", Runtime.NUMPY, "", "", "", "CPU")
ON = {Runtime.WGSL: GPU, Runtime.WASM: WASM, Runtime.NUMPY: NUMPY}
SHAPES = {
    1: (Shape(1031), Shape(1 << 12)),
    2: (Shape(33, 65), Shape(64, 512)),
    3: (Shape(33, 65, 17), Shape(64, 128, 256)),
}


class Nothing:
    """A device that must not be asked."""

    def prepare(self, program: object) -> object:
        raise AssertionError("the limits come first")


def refusal(target: Target, workload: str, variant: str, shape: Shape, **parameters: int | str) -> Refused:
    found = catalog.find(workload, variant, target.runtime)
    case = Case(target.id, workload, variant, shape, {**found.defaults(target, shape), **parameters})
    with pytest.raises(Refused) as refused:
        prepare(Nothing(), target, case, 1)  # type: ignore[arg-type]
    return refused.value


@pytest.mark.parametrize(
    ("target", "workload", "variant", "shape", "words"),
    [
        (
            GPU,
            "matvec",
            "f32",
            Shape(65536, 65536),
            "needs 17179869184 bytes in one buffer; maxBufferSize",
        ),
        (GPU, "matmul", "f32-naive", Shape(60000, 60000, 1), "in one buffer; maxBufferSize is"),
        (GPU, "scan", "f32", Shape(1 << 26), "in one buffer; maxStorageBufferBindingSize is"),
        (
            LARGE_GPU,
            "matvec",
            "f32+rowwise",
            Shape(1 << 24, 4),
            "workgroups in one dimension; maxComputeWorkgroupsPerDimension is 65535",
        ),
        (LARGE_GPU, "fma", "f32", Shape(1 << 24), "workgroups in one dimension; maxComputeWorkgroups"),
        (WASM, "matvec", "f32-simd", Shape(65536, 65536), "32-bit WebAssembly has at most 65536 (4 GiB)"),
        (WASM, "matmul", "f32-simd", Shape(32768, 32768, 32), "has at most 65536 (4 GiB)"),
        (WASM, "matvec", "f32-relaxed+rows+memory64", Shape(1 << 20, 1 << 20), "TiB of memory; "),
        (NUMPY, "matvec", "f32", Shape(1 << 20, 1 << 20), "TiB of memory; "),
    ],
)
def test_what_is_too_large_is_refused_at_once(
    target: Target, workload: str, variant: str, shape: Shape, words: str
) -> None:
    tracemalloc.start()
    begin = time.monotonic()
    refused = refusal(target, workload, variant, shape)
    took, (_, peak) = time.monotonic() - begin, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.status is Status.SKIPPED
    assert words in refused.reason
    assert peak < 100 << 20
    assert took < 10


def test_workgroup_memory_of_our_own_tiles_is_held_against_the_limit() -> None:
    refused = refusal(GPU, "matmul", "f32-shared", Shape(64, 64, 64), tile=64)
    assert "maxCompute" in refused.reason
    assert refused.status is Status.SKIPPED


def test_free_memory_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: 100 << 20)
    for target, name in ((GPU, "f32"), (WASM, "f32-simd"), (NUMPY, "f32")):
        refused = refusal(target, "matvec", name, Shape(4096, 4096))
        assert refused.reason.endswith("of memory; 100 MiB are free")
        assert refused.status is Status.SKIPPED


def sketches(variant: Variant, shape: Shape) -> tuple[tuple[object, ...], tuple[object, ...]]:
    """What a layout takes up: of real operands, and of sketches."""
    workload = workloads()[variant.workload]
    operands = workload.inputs(shape, 1), tuple(map(sketch, workload.operand_shapes(shape)))
    made = [catalog.lay_out(variant, one, variant.defaults(ON[variant.runtime], shape)) for one in operands]
    real, drawn = (
        (
            {name: (buffer.nbytes, buffer.dtype) for name, buffer in layout.buffers.items()},
            dict(layout.scratch),
            layout.output,
            dict(layout.passes),
        )
        for layout in made
    )
    return real, drawn


@pytest.mark.parametrize("workload", [name for name, one in workloads().items() if not one.model])
def test_a_sketch_takes_up_what_the_operands_do(workload: str) -> None:
    """Every variant there is, at a crooked shape and at one that fits."""
    for variant in (v for v in variants() if v.workload == workload and v.runtime in ON):
        for shape in workloads()[workload].odd or SHAPES[len(workloads()[workload].dimensions)]:
            real, drawn = sketches(variant, shape)
            assert real == drawn, (variant.name, shape)


@pytest.mark.parametrize(
    ("pages", "free", "words"),
    [(65535, 1 << 40, "32-bit WebAssembly has at most"), (1 << 14, 1 << 28, "1.00 GiB of memory; 256 MiB")],
)
def test_memory_of_a_module_itself_counts(
    pages: int, free: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "free_memory", lambda: free)
    like = catalog.find("matvec", "f32-scalar", Runtime.WASM)
    parameters = like.defaults(WASM)
    text = source(like, parameters).replace('"memory") 1', f'"memory") {pages}', 1)
    assert f'"memory") {pages}' in text
    edit = Edit(
        workload="matvec", runtime=Runtime.WASM, name="own", like=like.name, text=text, parameters=parameters
    )
    case = Case(WASM.id, "matvec", "own", Shape(256, 256), parameters)
    with pytest.raises(Refused) as refused:
        prepare(Nothing(), WASM, case, 1, [edit])  # type: ignore[arg-type]
    assert refused.value.status is Status.SKIPPED
    assert words in refused.value.reason
