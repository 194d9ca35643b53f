"""Sessions and supervisors made up for tests: every status, no hardware."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from threading import Event
from typing import Any

import msgspec

from app.catalog.index import variants
from app.core.events import (
    AnyEvent,
    CaseFinished,
    CaseOpened,
    CasePrepared,
    CaseSampled,
    CaseStarted,
    CaseVerified,
    Log,
    TargetsFound,
)
from app.core.measurement import Costs, Error, Measurement, Status
from app.core.plan import Plan, make_plan
from app.core.session import Host, Session
from app.core.shape import Shape
from app.core.target import LANGUAGE, WEB, Feature, FeatureState, Runtime, Target
from app.core.variant import why_not

HOST = Host("Linux", "Test CPU", 2, 1 << 30, "3.11")
GOOD = Error(1e-7, 1e-6, 1e-7, 1e-6, 1e-5)
BAD = Error(0.5, 3.0, 0.5, 3.0, 1e-5)
KNOWN = ("f32", "f16", "f16-storage", "u8", "u8-dot4", "f32-scalar", "f32-simd", "f32-relaxed", "i8-relaxed")
VARIANTS = tuple(v for v in variants() if v.workload == "matvec" and v.name in KNOWN)
SLOWNESS = {"f32": 4.0, "f16": 2.0, "f16-storage": 2.5, "u8": 1.5, "u8-dot4": 1.0}


DOT = "packed_4x8_integer_dot_product"


def target(id: str, label: str, runtime: Runtime = Runtime.WGSL, **states: FeatureState) -> Target:
    reasons = {FeatureState.MISSING: "the adapter does not offer it"}
    features = tuple(
        Feature(
            name.replace("__", "-"),
            state,
            reasons.get(state, ""),
            "a newer driver",
            LANGUAGE if name == DOT else WEB,
        )
        for name, state in states.items()
    )
    limits = {"maxBufferSize": 1 << 28}
    return Target(id, label, "webgpu", runtime, label, "Vulkan", "Mesa 1", "CPU", features, limits)


YES, NO = FeatureState.SUPPORTED, FeatureState.MISSING
FULL = target("full", "Full (Vulkan)", **{"shader__f16": YES, DOT: YES})
BARE = target("bare", "Bare (OpenGL)", **{"shader__f16": NO, DOT: YES})
WASM = target("wasm", "Wasm engine", Runtime.WASM, simd=YES, relaxed__simd=YES)
NATIVE = target("numpy", "NumPy", Runtime.NUMPY)
SHAPES = (Shape(64, 64), Shape(128, 128), Shape(256, 256))


def samples(seconds: float, count: int = 12) -> tuple[float, ...]:
    return tuple(seconds * (1 + 0.01 * (i % 5)) for i in range(count))


def session(
    targets: tuple[Target, ...] = (FULL, BARE),
    baseline: str = "f32",
    spoil: Callable[[Measurement], Measurement] = lambda m: m,
    shapes: tuple[Shape, ...] = SHAPES,
) -> Session:
    """Every WGSL variant on every target; ``spoil`` may change measurements."""
    plan = make_plan(targets, VARIANTS, shapes, baseline)
    by_id = {t.id: t for t in targets}
    measurements = []
    for case in plan.cases:
        variant = next(
            v for v in VARIANTS if v.name == case.variant and v.runtime is by_id[case.target].runtime
        )
        reason = why_not(variant, by_id[case.target])
        if reason:
            measurements.append(Measurement(case, Status.UNSUPPORTED, reason))
            continue
        seconds = SLOWNESS.get(case.variant, 3.0) * case.shape.rows * 1e-8
        done = Measurement(
            case, Status.OK, "", samples(seconds), 100, "GPU time stamps", "narrow enough", GOOD
        )
        measurements.append(spoil(done))
    return Session(
        app_version="0.1.0",
        created="2026-11-03T10:00:00Z",
        host=HOST,
        targets=targets,
        variants=VARIANTS,
        plan=plan,
        measurements=tuple(measurements),
    )


def noted(m: Measurement) -> Measurement:
    """As if visits were short batches on a processor that tells its seconds."""
    count = len(m.samples)
    return msgspec.structs.replace(
        m,
        batches=14,
        rounds=33,
        middles=m.samples,
        disturbed=(0.12,) * count,
        cpu=tuple(1.5 * seconds for seconds in m.samples),
    )


class FakeSupervisor:
    """Finds what it is given and measures by arithmetic; ``pace`` is the seconds between events."""

    def __init__(
        self, targets: tuple[Target, ...] = (FULL, BARE), reason: str = "", pace: float = 0.0
    ) -> None:
        self.given = targets
        self.reason = reason
        self.pace = pace
        self.error: Exception | None = None
        self.stopped = self.closed = False

    def find_targets(self) -> Iterator[TargetsFound | Log]:
        time.sleep(self.pace)
        yield TargetsFound("webgpu", self.given, {"wgpu": "1"}, self.reason)

    def run(self, plan: Plan, stop: Event, caches: Mapping[str, int] | None = None) -> Iterator[AnyEvent]:
        self.stopped = False
        if self.error:
            raise self.error
        for index, case in enumerate(plan.cases):
            for event in self._case(index, case.shape.rows * 1e-8 * SLOWNESS.get(case.variant, 3.0)):
                if self.stopped or stop.is_set():
                    yield CaseFinished(index, Status.CANCELLED, "stopped by the user")
                    return
                time.sleep(self.pace)
                yield event

    def _case(self, index: int, seconds: float) -> Iterator[AnyEvent]:
        yield CaseOpened(index)
        yield CaseStarted(index, "compiling")
        yield CasePrepared(index, "text", "wgsl", "GPU time stamps", Costs(0.1, 0.1, 0.1))
        yield CaseVerified(index, GOOD)
        yield from (CaseSampled(index, 10, s) for s in samples(seconds))
        yield CaseFinished(index, Status.OK, "", "narrow enough")

    def stop(self) -> None:
        self.stopped = True

    def close(self) -> None:
        self.stopped = self.closed = True


def finished(window: Any) -> int:
    """How many cases of the run under way have their last word, as the status bar says."""
    counts = re.findall(r"(\d+) of \d+ cases", window.progress.words.text())
    return int(counts[0]) if counts else 0
