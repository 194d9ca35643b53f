"""The Wasm variants of rmsnorm. ``f32-scalar`` comes first: it is the baseline where none is named."""

from wasm_modules.rows import variants

VARIANTS = variants("rmsnorm")
