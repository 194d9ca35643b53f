"""The WGSL variants of attention-encoder: those of attention-prefill without their mask."""

from msgspec.structs import replace

from kernels.attention_prefill.variants import VARIANTS as CAUSAL

VARIANTS = [
    replace(variant, workload="attention-encoder", options={**variant.options, "causal": False})
    for variant in CAUSAL
]
