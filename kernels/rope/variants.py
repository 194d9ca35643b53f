"""The WGSL variants of rope. ``f32`` comes first: it is the baseline."""

from kernels.elements import variant

WAYS = {
    (): "a thread has words of one head at a time",
    ("heads",): "a thread has a word of all heads of a token, which share its angles",
}

VARIANTS = [
    variant("rope", storage, how, summary) for storage in ("f32", "f16") for how, summary in WAYS.items()
]
