"""Plans by name that answer what the articles say of whole models: own kernels, at the models' shapes."""

from app.catalog.choice import Choice, NamedPlan

MODEL_PLANS = (
    NamedPlan(
        name="embedding",
        question="what does a GPU gain over Wasm in an embedding model, and f16 over f32?",
        choices=(
            Choice(
                workload=("encoder",),
                target=("wgsl", "wasm"),
                variant=(
                    "wgsl/f32",
                    "wgsl/f16",
                    "wgsl/i8-dot4+channels",
                    "wgsl/q4f16_1-dot4",
                    "wasm/f32-simd",
                    "wasm/f32-relaxed",
                    "wasm/f32-relaxed+threads",
                    "wasm/i7-relaxed",
                ),
                sizes=("minilm-l6:1x32", "minilm-l6:1x128"),
                on_gpus=("f32+subgroup", "f16+subgroup", "f32+shared", "f16+shared"),
                larger=("minilm-l6:1x512", "minilm-l6:32x512"),
            ),
        ),
        baseline="f32,f32-relaxed",
    ),
    NamedPlan(
        name="prefill-decode",
        question="what do 4-bit weights and f16 gain in a layer of a language model, reading and writing?",
        choices=(
            Choice(
                workload=("decoder-layer",),
                target=("webgpu",),
                variant=("f32", "f16", "q4f16_1", "q4f16_1-f16", "q4f16_1-dot4"),
                sizes=("llama-3.2-1b:1x128", "llama-3.2-1b:128x128"),
                on_gpus=("q4f16_1+subgroup", "q4f16_1-dot4+subgroup"),
                larger=("llama-3-8b:1x1024", "llama-3-8b:512x512"),
            ),
        ),
        baseline="q4f16_1",
    ),
    NamedPlan(
        name="prefill-subgroups",
        question="what do subgroups gain where a language model reads its prompt, as in chart 2?",
        choices=(
            Choice(
                workload=("decoder-layer",),
                target=("webgpu",),
                variant=("f32", "f32+subgroup", "f16", "f16+subgroup"),
                sizes=("gemma-2b:64x64",),
                larger=("gemma-2b:512x512", "gemma-2b:1024x1024"),
            ),
        ),
        baseline="f32",
    ),
    NamedPlan(
        name="landmarks",
        question="are a GPU and Wasm comparable in a small convolution net, as in face landmarks?",
        choices=tuple(
            Choice(
                workload=(workload,),
                target=("wgsl", "wasm"),
                variant=(*gpu, "wasm/f32-relaxed", "wasm/f32-relaxed+threads"),
                sizes=("face-landmarks-48", "face-landmarks-96"),
            )
            for workload, gpu in (
                ("conv2d", ("wgsl/f32-tile", "wgsl/f32-winograd")),
                ("depthwise", ("wgsl/f32", "wgsl/f32-tile")),
                ("pointwise", ("wgsl/f32-tile",)),
            )
        ),
        baseline="f32-relaxed",
    ),
    NamedPlan(
        name="whisper-logits",
        question="what does the product that chooses whisper-tiny's next word cost on each side?",
        choices=(
            Choice(
                workload=("linear",),
                target=("wgsl", "wasm", "numpy"),
                variant=("wgsl/f32-tile", "wgsl/f16-tile", "wasm/f32-simd", "wasm/f32-relaxed", "numpy/f32"),
                sizes=("whisper-tiny-logits",),
                on_gpus=("f32-tile+subgroup", "f16-tile+subgroup"),
            ),
        ),
        baseline="f32-tile,f32-relaxed",
    ),
)
