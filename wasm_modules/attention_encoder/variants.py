"""The Wasm variants of attention-encoder: those of attention-prefill without their mask."""

from wasm_modules.attention_prefill.variants import variants

VARIANTS = variants("attention-encoder", "attention.wat", {"causal": False, "copied": True})
