"""How the operands lie in memory: as those of attention-prefill."""

from wasm_modules.attention_prefill.layouts import LAYOUTS

__all__ = ["LAYOUTS"]
