"""The Wasm variants of swiglu. ``f32-scalar`` comes first: it is the baseline where none is named."""

from wasm_modules.elements import variants

VARIANTS = variants("swiglu")
