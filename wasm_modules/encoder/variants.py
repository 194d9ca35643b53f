"""The Wasm recipes of encoder: scalars, SIMD128, relaxed SIMD, 8-bit weights of 7 bits; one thread or all."""

from app.core.target import Runtime
from app.core.variant import Parameter, Variant
from wasm_modules.ways import with_threads

# As products like it best; the other operators take little of a run.
LEVEL = Parameter("opt_level", gpu="none", cpu="none", choices=("none", "speed"))
SIMD = ("simd", "relaxed-simd")


def recipes(workload: str) -> list[Variant]:
    """Those of a model."""

    def recipe(
        name: str, storage: str, techniques: tuple[str, ...], requires: tuple[str, ...], summary: str
    ) -> Variant:
        return Variant(
            workload=workload,
            name=name,
            runtime=Runtime.WASM,
            summary=f"one module: {summary}",
            template="",
            layout="",
            storage=storage,
            compute=storage,
            techniques=techniques,
            requires=requires,
            parameters=(LEVEL,),
            options={"scales": "blocks"} if storage == "i8" else {},
        )

    simd = recipe("f32-simd", "f32", ("simd",), SIMD[:1], "four floats at a time (SIMD128)")
    relaxed = recipe("f32-relaxed", "f32", ("relaxed",), SIMD, "four floats at a time, fused multiply-add")
    seven = "weights of 7 bits and activations of 8 in blocks of 32, relaxed dot products"
    return [
        simd,
        relaxed,
        with_threads(relaxed),
        recipe("i7-relaxed", "i8", ("relaxed",), SIMD, seven),
    ]


VARIANTS = recipes("encoder")
