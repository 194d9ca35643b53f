"""Which words of the weights W each thread of a workgroup reads at which step."""

import numpy as np

from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from kernels.access import Pattern, by_thread

LESSONS = {
    "naive": "An element each: at one step the threads of a line read neighbouring elements of a row "
    "of W, and those below them, which have other rows of X, the same ones again.",
    "shared": "Staged: at one step every thread reads one element of a tile of W, neighbours "
    "neighbouring ones; from the workgroup's own memory all then read all of it.",
    "tile": "A tile each: at one step the threads of a line read neighbouring words of a row of W, "
    "and those below them the same ones again. A word serves as many products as a thread has "
    "rows.",
    "swizzle": "Swizzled: the columns of a thread lie in one piece, one depth after the other. At one "
    "step neighbouring threads read words that lie far apart; what one reads in successive "
    "steps lies side by side.",
    "staged": "A tile each, staged: the threads of a workgroup load a stage of W together, neighbours "
    "neighbouring words and each word once, and read it from the workgroup's own memory.",
}


def pattern(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern | None:
    """Which words of W a variant reads; None where a subgroup loads them by its own rules."""
    how = way(variant)
    if not how:
        return None
    size = {"f32": 4, "f16": 2}[variant.storage]
    columns, depth = (shape.columns or 1), (shape.depth or 1)
    chosen = {name: int(value) for name, value in parameters.items()}
    if "tile" in chosen:
        side = chosen["tile"]
        drawn = 2 if how == "shared" else 4
        return Pattern(
            LESSONS[how],
            elements_of(how, drawn, 2, 8, 8),
            elements_of(how, side, side, columns, min(depth, 64)),
            size,
            side if how == "naive" else 1,
            f"{side} rows of W",
            f"{side} x {side} threads",
        )
    small = {**chosen, "workgroup_x": 4, "workgroup_y": 2, "tile_columns": 8, "stage": 1}
    if "subgroup" in variant.techniques:
        small |= {"workgroup_x": 8, "workgroup_y": 1, "tile_columns": 4}
    wide, high, each = chosen["workgroup_x"], chosen["workgroup_y"], chosen["tile_columns"] // 4
    deep = min(-(-depth // (4 * chosen.get("stage", 1))), 8) * chosen.get("stage", 1)
    real = words_of(how, chosen, -(-columns // (4 * wide * each)) * wide * each, deep)
    return Pattern(
        LESSONS[how],
        words_of(how, small, 8, 2),
        real,
        4 * size,
        max(1, real.shape[1] // deep),
        "four rows of W",
        f"{wide} x {high} threads, {4 * each} columns each",
    )


def way(variant: Variant) -> str:
    """How a variant reads W."""
    techniques = variant.techniques
    if "tile" not in techniques:
        return next((one for one in ("naive", "shared") if one in techniques), "")
    return "swizzle" if "swizzle" in techniques else "staged" if "shared" in techniques else "tile"


def elements_of(how: str, across: int, down: int, columns: int, depth: int) -> np.ndarray:
    """[thread, step] in elements, for the first workgroup of a W of so many columns."""
    return by_thread(
        [
            (k + y if how == "shared" else k) * columns + x
            for k in range(0, depth, down if how == "shared" else 1)
        ]
        for y in range(down)
        for x in range(across)
    )


def words_of(how: str, parameters: Parameters, columns: int, depth: int) -> np.ndarray:
    """[thread, step] in words of four, for a W of so many words a row and four rows for each of ``depth``."""
    wide, high = int(parameters["workgroup_x"]), int(parameters["workgroup_y"])
    words = int(parameters["tile_columns"]) // 4
    threads = wide * high
    if how == "staged":
        stage, block = int(parameters["stage"]), words * wide
        count = 4 * stage * block
        return by_thread(
            [
                (4 * k + at // block) * columns + at % block if at < count else -1
                for k in range(0, depth, stage)
                for at in range(lane, lane + -(-count // threads) * threads, threads)
            ]
            for lane in range(threads)
        )
    if how == "swizzle":
        return by_thread(
            [
                x * depth * 4 * words + 4 * words * k + j * words + w
                for k in range(depth)
                for w in range(words)
                for j in range(4)
            ]
            for _ in range(high)
            for x in range(wide)
        )
    return by_thread(
        [(4 * k + j) * columns + w * wide + x for k in range(depth) for w in range(words) for j in range(4)]
        for _ in range(high)
        for x in range(wide)
    )
