"""What 4-bit weights and more queries a thread give: processor's seconds of interleaved runs, as ratios.

Printed with the targets beside them; what is asserted is generous, because others may use the machine.
"""

import time
from collections.abc import Sequence

import pytest

from app.catalog.index import find
from app.catalog.programs import build
from app.core.target import Target
from app.engines import load
from app.workloads import workloads

ROUNDS = 5
Named = tuple[str, str]
"""A workload and one of its variants."""


def seconds(target: Target, size: str, names: Sequence[Named]) -> dict[Named, float]:
    """The least processor's seconds of a run of each."""
    device = load(target.engine).open(target)
    kernels = {}
    for workload, name in names:
        own = workloads()[workload]
        shape = own.shape(size)
        variant = find(workload, name, target.runtime)
        program = build(variant, own.inputs(shape, 1), variant.defaults(target, shape))
        kernels[workload, name] = device.prepare(program)
    found = {named: float("inf") for named in kernels}
    for _ in range(ROUNDS):
        for named, kernel in kernels.items():
            start = time.process_time()
            kernel.time(1)
            found[named] = min(found[named], time.process_time() - start)
    for kernel in kernels.values():
        kernel.close()
    return found


def llvmpipe(targets: list[Target]) -> Target:
    found = next((t for t in targets if t.engine == "webgpu" and t.is_cpu and t.backend != "OpenGL"), None)
    if found is None:
        pytest.skip("no CPU adapter here")
    load(found.engine).targets()
    return found


F32 = [("matvec", name) for name in ("f32", "f32+swizzle", "f32+shared", "f32+rowwise")]
WIDENED = [("q4-matvec", name) for name in ("q4f16_1", "nbits", "q4_0", "q4_k")]
DOT4 = [("q4-matvec", f"{name}-dot4") for _, name in WIDENED]


@pytest.mark.parametrize("format", range(len(WIDENED)))
def test_four_bits_on_a_cpu_adapter(format: int, targets: list[Target]) -> None:
    """Targets: widened 3.5 times f32's best at 8192, with dot4 4.5 times."""
    widened, dot4 = WIDENED[format], DOT4[format]
    found = seconds(llvmpipe(targets), "8192", [*F32, widened, dot4])
    best = min(found[named] for named in F32)
    ratios = best / found[widened], best / found[dot4]
    print(f"\n{widened[1]}: {ratios[0]:.2f} (target 3.5), dot4 {ratios[1]:.2f} (target 4.5)", end="")
    assert min(ratios) > 1


def test_four_bits_in_wasm(targets: list[Target]) -> None:
    """Target: three times f32 from memory."""
    wasm = next(target for target in targets if target.engine == "wasmtime")
    names = [("q4-matvec", f"{name}-i8-relaxed") for _, name in WIDENED]
    found = seconds(wasm, "8192", [("q4-matvec", "f32"), *names])
    ratios = {name: found["q4-matvec", "f32"] / found["q4-matvec", name] for _, name in names}
    print("\n" + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()) + " (target 3)", end="")
    assert max(ratios.values()) > 1.5


def test_attention_in_wasm(targets: list[Target]) -> None:
    """Target: attention multiplies at 0.6 of the rate of the relaxed product."""
    wasm = next(target for target in targets if target.engine == "wasmtime")
    attention, product = ("attention-encoder", "f32-relaxed"), ("matmul", "f32-relaxed")
    reached = []
    for size, like in (("minilm-l6:512", "512"), ("llama-3-8b:256", "256")):
        own, other = (workloads()[name].shape(one) for (name, _), one in ((attention, size), (product, like)))
        rate = workloads()["attention-encoder"].flops(own) / seconds(wasm, size, [attention])[attention]
        usual = workloads()["matmul"].flops(other) / seconds(wasm, like, [product])[product]
        reached.append(rate / usual)
        print(f"\n{size}: {rate / usual:.2f} of the product's rate at {like} (target 0.6)", end="")
    assert min(reached) > 0.3


def test_more_queries_a_thread(targets: list[Target]) -> None:
    """Target: eight queries a thread are four times as fast as one at 512 tokens."""
    others = (
        "f32-passes",
        "f32-queries4+shared",
        "f32-queries4+subgroup",
        "f16-storage-queries8",
        "f16-queries8",
    )
    names = [("attention-encoder", name) for name in ("f32", "f32-queries8", *others)]
    found = seconds(llvmpipe(targets), "minilm-l6:512", names)
    one, eight, *rest = (found[named] for named in names)
    said = ", ".join(f"{name} {one / each:.2f}" for name, each in zip(others, rest, strict=True))
    print(f"\neight queries {one / eight:.2f} (target 4), {said}", end="")
    assert one > 2 * eight


@pytest.mark.parametrize("engine", ["webgpu", "wasmtime"])
def test_caches_of_fewer_bits(engine: str, targets: list[Target]) -> None:
    """No target of its own: what a cache of 16 or 8 bits, and a split context, give one token."""
    wasm = next(target for target in targets if target.engine == "wasmtime")
    first = "f32" if engine == "webgpu" else "f32-relaxed"
    others = [
        "f16-storage",
        "i8-storage",
        *(["f32+splitk", "i8-storage+splitk"] if engine == "webgpu" else []),
    ]
    names = [("attention-decode", name) for name in (first, *others)]
    found = seconds(llvmpipe(targets) if engine == "webgpu" else wasm, "llama-3.2-1b:8192", names)
    ratios = {name: found[names[0]] / found["attention-decode", name] for name in others}
    print("\n" + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()), end="")
    assert min(ratios.values()) > 0.5


@pytest.mark.parametrize("engine", ["webgpu", "wasmtime"])
def test_ways_to_convolve(engine: str, targets: list[Target]) -> None:
    """No target of its own: what tiles, copied windows and fewer products give over the direct way."""
    wasm = next(target for target in targets if target.engine == "wasmtime")
    first = "f32" if engine == "webgpu" else "f32-relaxed"
    others = [f"{first}-im2col", f"{first}-winograd"]
    if engine == "webgpu":
        others += ["f32-tile", "f32-tile+shared", "f16-winograd"]
    names = [("conv2d", name) for name in (first, *others)]
    found = seconds(llvmpipe(targets) if engine == "webgpu" else wasm, "face-landmarks-48", names)
    ratios = {name: found[names[0]] / found["conv2d", name] for name in others}
    print("\n" + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()), end="")
    assert ratios[f"{first}-winograd"] > 1
