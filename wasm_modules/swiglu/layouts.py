"""The operands of swiglu in a Wasm memory."""

from wasm_modules.elements import layouts

LAYOUTS = layouts("gate", "up")
