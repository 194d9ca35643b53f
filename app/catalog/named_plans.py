"""Plans by name: the questions that people ask most, as the choices that answer them.

Command line and window offer the same ones; ``app.catalog.choose`` makes cases of the choices.
"""

from collections.abc import Sequence

from msgspec import structs

from app.catalog.choice import Choice, NamedPlan
from app.catalog.model_plans import MODEL_PLANS
from app.core.selection import select


def _rowwise(*names: str) -> tuple[str, ...]:
    return tuple(f"{name}+rowwise+subgroup" for name in names)


_BOTH_SIDES = ("wgsl", "wasm")
_ALL_SIDES = (*_BOTH_SIDES, "numpy")
_ALL_SIMD = ("f32-simd", "f32-relaxed", "f32-relaxed+threads")


def _beside_peers(workload: str, variants: Sequence[str], *sizes: str) -> Choice:
    """The kernels that do best on most machines, beside every library."""
    own = (*variants, *(f"{runtime}/*" for runtime in ("numpy", "onnx", "torch", "tfjs")))
    return Choice(workload=(workload,), variant=own, sizes=sizes, peers=True)


NAMED_PLANS = (
    NamedPlan(
        name="quick",
        question="which storage and arithmetic type makes a matrix-vector product fastest here?",
        choices=(Choice(on_gpus=_rowwise("f32", "f16", "f16-storage", "u8", "u8-dot4"), larger=("8192",)),),
    ),
    NamedPlan(
        name="chart1",
        question="what do 8-bit weights gain over f16, as in chart 1 of the article?",
        choices=(
            Choice(
                target=("webgpu",),
                variant=("wgsl/f16", "wgsl/u8", "wgsl/u8-dot4"),
                sizes=("1024", "2048", "4096"),
                on_gpus=_rowwise("f16", "u8", "u8-dot4"),
                larger=("8192",),
            ),
        ),
        baseline="f16",
    ),
    NamedPlan(
        name="crossover",
        question="from which size on is the GPU faster than Wasm, with and without transfers?",
        choices=(
            Choice(
                target=_BOTH_SIDES,
                variant=("wgsl/f32", "wgsl/f16", "wgsl/u8-dot4", "wasm/f32-relaxed+rows", "wasm/i8-relaxed"),
                sizes=("64", "128", "256", "512", "1024", "2048", "4096"),
                on_gpus=_rowwise("f32", "f16", "u8-dot4"),
                larger=("8192",),
            ),
            Choice(
                workload=("matmul",),
                target=_BOTH_SIDES,
                variant=("wgsl/f32-tile", "wgsl/f16-tile", "wgsl/u8-dot4-tile", "f32-relaxed", "i7-relaxed"),
                sizes=("64", "128", "256", "512", "1024"),
                on_gpus=("f32-tile+shared", "f16-tile+shared", "u8-dot4-tile+shared"),
                larger=("2048",),
            ),
        ),
        baseline="f32,f32-tile,f32-relaxed+rows,f32-relaxed",
    ),
    NamedPlan(
        name="formats",
        question="which 4-bit format unpacks fastest: same bytes, same mathematics?",
        choices=(
            Choice(
                workload=("q4-matvec",),
                target=_BOTH_SIDES,
                sizes=("1024", "2048", "4096"),
                on_gpus=_rowwise("q4f16_1", "q4f16_1-dot4", "nbits-dot4", "q4_0-dot4", "q4_k", "q4_k-dot4"),
                larger=("8192",),
            ),
            Choice(
                workload=("q4-matmul",),
                target=_BOTH_SIDES,
                sizes=("128x512x512", "128x1024x1024"),
                on_gpus=tuple(
                    f"{name}{how}+shared"
                    for how in ("-f16", "-dot4")
                    for name in ("q4f16_1", "nbits", "q4_0", "q4_k")
                ),
                larger=("llama-3.2-1b-gate",),
            ),
        ),
    ),
    NamedPlan(
        name="attention",
        question="what does attention gain from fusing its steps, from more queries a thread, from 16 bits?",
        choices=(
            Choice(
                workload=("attention-encoder",),
                target=_ALL_SIDES,
                sizes=("minilm-l6:128", "minilm-l6:256"),
                on_gpus=("f16-queries4+shared", "f16-queries4+subgroup"),
                larger=("minilm-l6:512",),
            ),
            Choice(
                workload=("attention-prefill",),
                target=_ALL_SIDES,
                sizes=("llama-3.2-1b:128",),
                on_gpus=("f16-queries4+shared", "f16-queries4+subgroup"),
                larger=("llama-3.2-1b:512",),
            ),
            Choice(
                workload=("attention-decode",),
                target=_ALL_SIDES,
                sizes=("llama-3.2-1b:2048",),
                larger=("llama-3.2-1b:8192",),
            ),
        ),
        baseline="f32,f32-relaxed",
    ),
    NamedPlan(
        name="convolution",
        question="what does a convolution gain from tiles, copies or Winograd; what do separable ones cost?",
        choices=(
            Choice(
                workload=("conv2d",),
                target=_ALL_SIDES,
                sizes=("face-landmarks-48", "face-landmarks-96"),
                larger=("192x192x32x32", "48x48x256x256"),
            ),
            Choice(
                workload=("depthwise",),
                target=_ALL_SIDES,
                sizes=("face-landmarks-48", "face-landmarks-96"),
                larger=("384x384x32",),
            ),
            Choice(
                workload=("pointwise",),
                target=_ALL_SIDES,
                sizes=("face-landmarks-48", "face-landmarks-96"),
                larger=("192x192x32x32", "48x48x256x256"),
            ),
        ),
        baseline="f32,f32-relaxed,f32-naive",
    ),
    *MODEL_PLANS,
    NamedPlan(
        name="threads",
        question="what does each further thread give a Wasm kernel, from one to every core?",
        choices=(
            Choice(workload=("matmul",), variant=("*+threads",), sizes=("256", "1024"), sweep="threads"),
            Choice(variant=("*+threads",), sizes=("1024", "4096"), sweep="threads"),
        ),
        baseline="f32*+threads",
    ),
    NamedPlan(
        name="suspension",
        question="what does it cost that synchronous code can wait: by Asyncify, fibers or JSPI?",
        choices=(Choice(workload=("suspend",), sizes=("8", "12", "16")),),
        baseline="plain",
    ),
    NamedPlan(
        name="transfers",
        question="what do bytes cost on their way to a target and back, and what does seeing them in place?",
        choices=(Choice(workload=("transfer",)),),
        baseline="upload",
    ),
    NamedPlan(
        name="peers",
        question="is a kernel worth writing, beside the libraries that a page or a program would use?",
        choices=(
            _beside_peers(
                "matvec",
                ("wgsl/f32", "wgsl/u8-dot4", "f32-relaxed+rows", "i8-relaxed", "f32-relaxed+rows+threads"),
                *("1024", "2048"),
            ),
            _beside_peers(
                "matmul",
                ("wgsl/f32-tile", "wgsl/u8-dot4-tile", "i7-relaxed", *_ALL_SIMD),
                *("256", "512"),
            ),
            _beside_peers("linear", ("f32-tile", *_ALL_SIMD), "minilm-l6-qkv", "minilm-l6-up"),
            _beside_peers("softmax", ("wgsl/f32+online", *_ALL_SIMD), "1024"),
            _beside_peers("layernorm", ("wgsl/f32+online", *_ALL_SIMD), "1024"),
            _beside_peers(
                "conv2d",
                ("f32-winograd", "f32-relaxed", "f32-relaxed-winograd", "f32-relaxed-winograd+threads"),
                "face-landmarks-48",
            ),
            _beside_peers("attention-encoder", ("f32-queries8", *_ALL_SIMD), "minilm-l6:128"),
            _beside_peers(
                "q4-matmul",
                ("nbits", "nbits-dot4", "nbits-relaxed", "nbits-i8-relaxed", "nbits-i8-relaxed+threads"),
                "128x1024x1024",
            ),
        ),
        baseline="numpy/f32",
    ),
)


def named_plan(name: str) -> NamedPlan:
    """The plan called ``name``.

    Raises:
        KernelscopeError: there is none; the message lists what there is.
    """
    return select(NAMED_PLANS, [name], lambda plan: (plan.name,), "plan")[0]


def narrowed(
    plan: NamedPlan,
    workload: Sequence[str] = (),
    target: Sequence[str] = (),
    variant: Sequence[str] = (),
    sizes: Sequence[str] = (),
) -> tuple[Choice, ...]:
    """The plan's choices with what somebody names in the place of their own.

    ``workload`` picks among them, but takes the place of one that stands alone.

    Raises:
        KernelscopeError: the plan has no such workload.
    """
    given: dict[str, Sequence[str]] = {"target": target, "variant": variant, "sizes": sizes}
    if len(plan.choices) == 1 and workload:
        given["workload"] = workload
        workload = ()
    given = {name: words for name, words in given.items() if words}
    # What a GPU gains belongs to the plan's own variants and sizes, and goes with them.
    gone = {"variant": "on_gpus", "workload": "on_gpus", "sizes": "larger"}
    given |= {gone[name]: () for name in given if name in gone}
    choices = [structs.replace(one, **given, peers=one.peers and not target) for one in plan.choices]
    return tuple(select(choices, workload, lambda one: one.workload, f"workload of the plan {plan.name}"))
