"""Which library a kernel stands beside: the quickest of those that somebody would use in its place.

Like is held against like as far as a session has it: what runs in a browser against what does, a GPU against
a GPU, Wasm against as many threads. A library counts that is about as accurate, so that a product of bytes is
no measure for one of floats; the other way round it is.
"""

from collections.abc import Sequence
from statistics import median

from app.core.measurement import Measurement, Status
from app.core.target import Runtime, Target

AS_ACCURATE = 3.0
"""An error below this many times the kernel's is the same for most purposes."""

NOTHING = 1e-6
"""A relative error that is none: that of 32-bit floats."""

GPU_BACKENDS = ("WebGPU", "WebGL")
"""How libraries reach a GPU from a page."""

Result = tuple[Measurement, Target]


def on_gpu(target: Target) -> bool:
    """Whether ``target`` computes by way of a GPU, be it one in software."""
    return target.runtime is Runtime.WGSL or target.backend in GPU_BACKENDS or not target.is_cpu


def threads_of(result: Result) -> int:
    """How many threads of a processor computed it."""
    measurement, target = result
    said = str(measurement.case.parameters.get("threads") or target.properties.get("threads", "1"))
    return int(said) if said.isdigit() else 1


def comparable(kernel: Result, peers: Sequence[Result]) -> list[Result]:
    """Those of ``peers`` that are most like ``kernel``, as far as there are such."""
    target = kernel[1]
    rules = (
        lambda peer: (peer[1].engine == "browser") == (target.engine == "browser"),
        lambda peer: on_gpu(peer[1]) == on_gpu(target),
        lambda peer: on_gpu(target) or threads_of(peer) == threads_of(kernel),
    )
    found = list(peers)
    for rule in rules:
        found = [peer for peer in found if rule(peer)] or found
    return found


def beside(results: Sequence[Result]) -> dict[int, int]:
    """For each result, by its place, the place of the best library at the same problem and shape.

    A library stands beside others; what has no result has no peer, and is none.
    """
    groups: dict[object, list[int]] = {}
    for i, (measurement, _) in enumerate(results):
        if measurement.status is Status.OK and measurement.samples:
            groups.setdefault((measurement.case.workload, measurement.case.shape), []).append(i)
    found = {}
    for group in groups.values():
        peers = {id(results[i][0]): i for i in group if results[i][1].is_peer}
        seconds = {i: median(results[i][0].samples) for i in peers.values()}
        for i in group if peers else ():
            others = (results[j] for j in peers.values() if results[j][1].runtime is not _own(results[i][1]))
            own = [other for other in others if _accurate(other[0], results[i][0])]
            like = [peers[id(one[0])] for one in comparable(results[i], own)]
            if like:
                found[i] = min(like, key=seconds.__getitem__)
    return found


def _own(target: Target) -> Runtime | None:
    """The library that a target is."""
    return target.runtime if target.is_peer else None


def _accurate(peer: Measurement, kernel: Measurement) -> bool:
    return _error(peer) <= AS_ACCURATE * max(_error(kernel), NOTHING)


def _error(measurement: Measurement) -> float:
    return (measurement.error and measurement.error.relative_l2) or 0.0
