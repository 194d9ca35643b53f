"""The operand of gelu in a Wasm memory."""

from wasm_modules.elements import layouts

LAYOUTS = layouts("x")
