"""Ceilings: the fastest that a target can be, measured, and how near a result comes to it."""

import math

from msgspec import Struct, structs

from app.core.target import PACKED_DOT, Feature, FeatureState, Target
from app.figures import units


class Link(Struct, frozen=True):
    """A way for bytes: n of them take ``latency + n / rate`` seconds; ``rate`` is in bytes per second."""

    latency: float
    rate: float

    def seconds(self, size: float) -> float:
        """How long ``size`` bytes take."""
        return self.latency + size / self.rate


def link(small: tuple[float, float], large: tuple[float, float]) -> Link | None:
    """The line through two points (bytes, seconds); None where the larger one was not slower."""
    (low, quick), (high, slow) = small, large
    if slow <= quick:
        return None
    rate = (high - low) / (slow - quick)
    return Link(max(0.0, quick - low / rate), rate)


IN_PLACE = 10.0
"""How many times memory's own rate no copy can reach, whatever cache serves it."""


CLEARLY = 1.25
"""How many times memory's rate tells of a cache: what a cache keeps of more than it holds fades out below."""


class Reading(Struct, frozen=True):
    """So many ``bytes``, read over and over again, came at ``rate`` bytes per second."""

    bytes: int
    rate: float


class Ceilings(Struct, frozen=True, kw_only=True):
    """What one target reached at ``date`` (ISO 8601, UTC); None and missing keys where it was not measured.

    ``read`` and ``copy`` are bytes per second from and to memory (a copied byte counts twice), ``flops``
    operations per second for each type of products. ``upload``, ``download`` and ``map`` lead from host to
    target and back; ``dispatch`` is the seconds from submitting an empty kernel until the host knows it done,
    ``floor`` what one of thousands in a pass takes. ``curve`` has the rates of reading by size, the smallest
    first; ``read`` is that of those that no cache holds.
    ``contradiction`` names a result that surpasses its arithmetic ceiling, which therefore is none, and
    ``contradicted`` all types whose ceilings were surpassed: every one where none is named.
    """

    date: str
    read: float | None = None
    copy: float | None = None
    flops: dict[str, float] = {}
    upload: Link | None = None
    download: Link | None = None
    map: Link | None = None
    dispatch: float | None = None
    floor: float | None = None
    curve: tuple[Reading, ...] = ()
    contradiction: str = ""
    contradicted: tuple[str, ...] = ()

    def peak(self, compute: str) -> float | None:
        """Operations per second in that type of products; None where it is not known or was surpassed."""
        void = self.contradiction and (not self.contradicted or compute in self.contradicted)
        return None if void else self.flops.get(compute)

    @property
    def cached(self) -> Reading | None:
        """The most bytes that come clearly faster than from memory; None where none do, or nobody looked.

        Small sizes are no measure: what a launch takes hides any cache.
        """
        clearly = CLEARLY * (self.read or math.inf)
        return next((one for one in reversed(self.curve) if one.rate > clearly), None)

    @property
    def cache(self) -> int:
        """Bytes that a cache is known to serve; 0 where none shows."""
        return self.cached.bytes if self.cached else 0

    @property
    def maps_in_place(self) -> bool:
        """Whether mapped bytes stay where they are: far more come than memory could deliver."""
        return bool(self.map and self.read and self.map.rate > IN_PLACE * self.read)

    def launch_bound(self, seconds: float) -> bool:
        """Whether most of ``seconds`` is what any kernel takes, whatever it does."""
        return bool(self.floor and seconds <= NEAR_FLOOR * self.floor)


NEAR_FLOOR = 1.5
"""Kernels that take less than this many empty ones tell of launches, not of themselves."""


def with_ceilings(target: Target, ceilings: Ceilings) -> Target:
    """``target`` as measured: with its caches; packed dot products that gain nothing are ``emulated``."""
    properties = {name: value for name, value in target.properties.items() if name != "cache"}
    if ceilings.cached and ceilings.read:
        served = f"{units.giga(ceilings.cached.rate)} GB/s to {units.bytes_(ceilings.cache >> 20 << 20)}"
        properties["cache"] = f"{served}, memory {units.giga(ceilings.read)} GB/s (measured)"
    features = tuple(_judged(feature, ceilings) for feature in target.features)
    return structs.replace(target, properties=properties, features=features)


def _judged(feature: Feature, ceilings: Ceilings) -> Feature:
    apart = ceilings.flops.get("f32")
    packed = max((ceilings.flops[kind] for kind in ("u8", "i8") if kind in ceilings.flops), default=0.0)
    if feature.name != PACKED_DOT or feature.state is not FeatureState.SUPPORTED or not packed or not apart:
        return feature
    if packed > apart:
        return feature
    rates = f"{units.giga(packed)} GOP/s, separate f32 products {units.giga(apart)}"
    return structs.replace(
        feature, state=FeatureState.EMULATED, reason=f"it is no faster: {rates} (measured)"
    )


class Bound(Struct, frozen=True):
    """The least seconds that a target needs, and whether memory (else arithmetic, or the floor) sets them."""

    seconds: float
    by_memory: bool


def bound(flops: float, size: float, compute: str, ceilings: Ceilings) -> Bound | None:
    """The roofline of a kernel with ``flops`` operations over ``size`` bytes; None where it is not known.

    Performance is at most min(peak, intensity * bandwidth) (Williams, Waterman and Patterson, Roofline: an
    insightful visual performance model, 2009). As times: the least is max(flops / peak, size / bandwidth),
    and no dispatch takes less than the floor.
    """
    peak = ceilings.peak(compute)
    if not ceilings.read or (flops and not peak):
        return None
    arithmetic = flops / peak if peak else 0.0
    memory = size / ceilings.read
    floor = ceilings.floor or 0.0
    return Bound(max(arithmetic, memory, floor), memory >= max(arithmetic, floor))


def with_transfers(seconds: float, operands: float, result: float, ceilings: Ceilings) -> float | None:
    """``seconds`` of a kernel with its operands' bytes brought up, a dispatch and the result brought down."""
    if not ceilings.upload or not ceilings.download or ceilings.dispatch is None:
        return None
    down = ceilings.download.seconds(result)
    return ceilings.upload.seconds(operands) + ceilings.dispatch + seconds + down
