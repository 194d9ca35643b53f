"""What looks into a run: a program that hands on every tensor its operators met, and the checks of these."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from app.catalog.models import glue
from app.catalog.models.claims import Claim, Raw
from app.catalog.models.memory import Memory
from app.catalog.models.module import called, linked
from app.core.program import OFFSETS, RESULT, Check, Layout, Program, Proof, Slice, Step, whose
from app.core.shape import Shape

TAP = "glue tap"

MOST_BYTES = 96 << 20
"""Of tensors that are looked at, for a binding holds 128 MiB; of more, each kind is seen once."""


def proof(memory: Memory, program: Program) -> Proof:
    """The proof of ``program``, made from ``memory``: of every operator, or of each kind."""
    claims = _chosen(memory.claims, memory.sizes)
    wanted = set().union(*(claim.buffers for claim in claims)) & memory.sizes.keys()
    places: dict[str, int] = {}
    at = 0
    for name in memory.sizes:
        if name in wanted:
            places[name] = at
            at += -(-memory.sizes[name] // OFFSETS) * OFFSETS
    words = at // 4
    steps: list[Step] = []
    last = _last_writes(memory.steps)
    for i, step in enumerate(memory.steps):
        steps.append(step)
        for name in dict.fromkeys(whose(one) for one in step.writes):
            if name in places and last[name] == i:
                size = -(-memory.sizes[name] // 4)
                target = Slice(RESULT, places[name], 4 * size)
                scalars = {"words": size}
                steps.append(Step("main", (name,), (target,), scalars, glue.groups(size), TAP, "look"))
    tap = glue.text(memory.recipe, "tap", memory.dialect, {})
    texts = {**memory.texts, TAP: tap}
    layout = Layout(
        buffers=program.layout.buffers,
        scalars={},
        output=(np.dtype(np.uint32), words),
        stored=program.layout.stored,
        steps=tuple(steps) if memory.gpu else called(steps, texts),
        scratch=memory.sizes,
        roles=program.layout.roles,
    )
    if memory.gpu:
        looked = replace(program, layout=layout, texts=texts, proof=None)
    else:
        looked = replace(program, layout=layout, source=linked(texts), proof=None)
    return Proof(looked, tuple(_check(claim, memory.sizes, places, memory.buffers) for claim in claims))


def _last_writes(steps: Iterable[Step]) -> dict[str, int]:
    return {whose(one): i for i, step in enumerate(steps) for one in step.writes}


def _chosen(claims: list[Claim], sizes: dict[str, int]) -> list[Claim]:
    """All claims, or as many as there is room for: the first and the last of each kind."""
    if _bytes(claims, sizes) <= MOST_BYTES:
        return claims
    kinds = {(claim.title, claim.workload, claim.shape): claim for claim in reversed(claims)}
    found: list[Claim] = []
    for claim in kinds.values():
        if _bytes([*found, claim], sizes) <= MOST_BYTES:
            found.append(claim)
    return found


def _bytes(claims: Iterable[Claim], sizes: dict[str, int]) -> int:
    return sum(sizes.get(name, 0) for name in set().union(*(claim.buffers for claim in claims)))


def _check(
    claim: Claim, sizes: Mapping[str, int], places: Mapping[str, int], operands: Mapping[str, np.ndarray]
) -> Check:
    def reader(result: np.ndarray) -> Raw:
        raw = result.view(np.uint8)

        def read(name: str, dtype: np.dtype) -> np.ndarray:
            if name in operands:
                return operands[name].reshape(-1).view(dtype)
            at = places[name]
            size = sizes[name] // dtype.itemsize * dtype.itemsize
            return raw[at : at + size].view(dtype)

        return read

    return Check(
        claim.title,
        claim.workload,
        claim.variant.compute,
        claim.variant.sums,
        Shape(*claim.shape),
        claim.growth,
        lambda result: tuple(find(reader(result)) for find in claim.operands),
        lambda result: claim.answer(reader(result)),
    )
