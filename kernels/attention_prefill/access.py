"""Which words of the keys each thread of a workgroup reads at which step; its queries are the first."""

from collections.abc import Iterator

import numpy as np

from app.core.shape import Shape
from app.core.variant import Parameters, Variant
from kernels.access import THREADS, Pattern, by_thread

LESSONS = {
    "": "From memory: every thread walks all the keys that its queries see, word after word. At "
    "one step all read the same word, which is fetched once; the threads of later queries go "
    "on further.",
    "shared": "Staged: the threads of a workgroup load a stage of keys together, neighbours "
    "neighbouring words, and each then reads all of the stage from the workgroup's own "
    "memory.",
    "subgroup": "From lane to lane: each lane of a subgroup loads a key of its own, word after word, and "
    "hands it to the others in turn. At one step neighbouring lanes read words that lie whole "
    "keys apart.",
}
SIZES = {"f32": 16, "f16": 8}


def pattern(variant: Variant, parameters: Parameters, shape: Shape) -> Pattern | None:
    """Which words of the keys a variant reads, of one head; matrices that a subgroup has are not drawn."""
    if "cooperative" in variant.techniques:
        return None
    tokens, _, key_heads, size = shape.sizes
    how = next((one for one in ("shared", "subgroup") if one in variant.techniques), "")
    threads, queries = int(parameters["workgroup_size"]), int(parameters.get("queries", 1))
    causal = bool(variant.options.get("causal"))
    words = -(-size // 4)
    small = {"workgroup_size": THREADS, "queries": 1, "stage": 4}
    return Pattern(
        LESSONS[how],
        words_of(how, small, 8, 1, 4, causal, THREADS),
        # Every key is like the first ones.
        words_of(how, parameters, min(tokens, 64), key_heads, words, causal, min(32, threads)),
        SIZES[variant.storage],
        words,
        f"a key of {size} elements",
        f"{threads} threads, {queries} quer{'y' if queries == 1 else 'ies'} each",
    )


def words_of(
    how: str, parameters: Parameters, tokens: int, key_heads: int, words: int, causal: bool, lanes: int
) -> np.ndarray:
    """[thread, step] of the first workgroup and head, keys of so many words, subgroups of ``lanes``."""
    threads, queries = int(parameters["workgroup_size"]), int(parameters.get("queries", 1))

    def key(t: int) -> Iterator[int]:
        first = min(t, tokens - 1) * key_heads * words
        return iter(range(first, first + words))

    together = min(threads * queries, tokens) if causal else tokens
    if how == "shared":
        stage = int(parameters["stage"])
        places = [
            [
                next(key(first + i // words)) + i % words if i < stage * words else -1
                for first in range(0, together, stage)
                for i in range(thread, thread + -(-stage * words // threads) * threads, threads)
            ]
            for thread in range(threads)
        ]
        return by_thread(places)
    if how == "subgroup":
        return by_thread(
            [word for first in range(0, together, lanes) for word in key(first + thread % lanes)]
            for thread in range(threads)
        )
    return by_thread(
        [word for t in range(min((thread + 1) * queries, tokens) if causal else tokens) for word in key(t)]
        for thread in range(threads)
    )
