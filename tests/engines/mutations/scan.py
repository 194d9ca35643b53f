"""What breaks the templates of ``scan``; see the package."""

MUTATIONS = {
    "scan forgets what came before": (
        "kernels/scan/serial.wgsl",
        "before = sums.w;",
        "",
        "f32",
    ),
    "scan forgets the lanes before": (
        "kernels/scan/scan.wgsl",
        "before + (up_to - own)",
        "before",
        "f32+shared,f32+blelloch+shared,f32+subgroup",
    ),
    "scan adds two of a word up": (
        "kernels/scan/prefix.wgsl",
        "pair + w.z,",
        "pair,",
        "f32,f32+shared",
    ),
    "scan of Wasm shifts once": (
        "wasm_modules/scan/scan.wat",
        "for lanes in (1, 2)",
        "for lanes in (1,)",
        "f32-simd",
    ),
}
