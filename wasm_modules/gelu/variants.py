"""The Wasm variants of gelu. ``f32-scalar`` comes first: it is the baseline where none is named."""

from wasm_modules.elements import variants

VARIANTS = variants("gelu")
