"""The Wasm variants of rope. ``f32-scalar`` comes first: it is the baseline where none is named."""

from wasm_modules.ways import float_variants

VARIANTS = float_variants("rope")
