"""A crowded session made by code, as nobody could measure it in a test: 960 cases."""

from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep

import numpy as np
from msgspec import structs
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app.catalog.index import variants
from app.core.measurement import Error, Measurement, Status
from app.core.plan import make_plan
from app.core.session import Session
from app.core.shape import Shape
from app.core.target import FeatureState, Target
from app.core.variant import Variant, why_not
from app.gui.parts.memory import Memory
from app.gui.state.controller import Controller
from app.gui.window.window import MainWindow
from tests.gui.made import DOT, HOST, NO, YES, FakeSupervisor, target

SAMPLES = 20
BYTES = {"f32": 4.0, "f16": 2.0, "u8": 1.0, "i8": 1.0}
ERRORS = {"f32": 1e-7, "f16": 3e-4, "u8": 9e-3, "i8": 8e-3}
SHAPES = tuple(Shape(side, side) for side in (512, 1024, 2048, 4096))


def _gpu(id: str, label: str, kind: str, f16: FeatureState = YES, lanes: FeatureState = YES) -> Target:
    made = target(id, label, **{"shader__f16": f16, "subgroups": lanes, DOT: YES})
    return structs.replace(made, kind=kind)


TARGETS = (
    _gpu("radeon", "Radeon RX 7800 XT (Vulkan)", "DiscreteGPU"),
    _gpu("geforce", "GeForce RTX 4070 (Vulkan)", "DiscreteGPU"),
    _gpu("arc", "Arc A770 (Vulkan)", "DiscreteGPU"),
    _gpu("llvmpipe", "llvmpipe 25 (Vulkan)", "CPU"),
    _gpu("swiftshader", "SwiftShader (Vulkan)", "CPU", f16=NO),
    _gpu("opengl", "llvmpipe 25 (OpenGL)", "CPU", f16=NO, lanes=NO),
)
RATES = {"radeon": 400e9, "geforce": 350e9, "arc": 300e9, "llvmpipe": 8e9, "swiftshader": 1e9, "opengl": 4e9}
"""Bytes a second."""


def crowd() -> tuple[Variant, ...]:
    """40 variants of matvec for GPUs: seven ways to store and compute, by techniques."""
    known = [v for v in variants() if v.workload == "matvec" and v.runtime.value == "wgsl" and v.checked]
    needed = {"shader-f16", "subgroups", DOT}
    return tuple(v for v in known if needed.issuperset(v.requires))[:40]


def crowded(last: int | None = None) -> Session:
    """All 960 cases, or the first ones, as of a run under way; the same at every call."""
    ones = crowd()
    plan = make_plan(TARGETS, ones, SHAPES)
    by_name, by_id = {v.name: v for v in ones}, {t.id: t for t in TARGETS}
    chance = np.random.default_rng(4)
    suits = {(t.id, v.name): float(chance.uniform(0.7, 1.6)) for t in TARGETS for v in ones}
    sizes = {(v.name, shape): float(chance.uniform(0.85, 1.15)) for v in ones for shape in SHAPES}
    noise = {(t.id, shape): chance.normal(1.0, 0.01, SAMPLES) for t in TARGETS for shape in SHAPES}
    found = []
    for case in plan.cases[:last]:
        variant = by_name[case.variant]
        if reason := why_not(variant, by_id[case.target]):
            found.append(Measurement(case, Status.UNSUPPORTED, reason))
            continue
        bytes = case.shape.rows * case.shape.columns * BYTES[variant.storage]
        fits = suits[case.target, case.variant] * sizes[case.variant, case.shape]
        usual = (2e-6 + bytes / RATES[case.target]) / fits
        own = noise[case.target, case.shape] * chance.normal(1.0, 0.004, SAMPLES) * usual
        error = ERRORS[variant.storage]
        found.append(
            Measurement(
                case,
                Status.OK,
                "",
                tuple(own.tolist()),
                100,
                "GPU time stamps",
                "narrow enough",
                Error(error, 10 * error, 1e-7, 1e-6, 1e-5),
            )
        )
    return Session(
        app_version="0.1.0",
        created="2026-11-03T10:00:00Z",
        host=HOST,
        targets=TARGETS,
        variants=ones,
        plan=plan,
        measurements=tuple(found),
    )


def crowded_window(folder: Path, pace: float = 0.0, filled: bool = True) -> MainWindow:
    """A window over such targets, which shows the session if ``filled``; it keeps things in ``folder``."""
    memory = Memory(QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat))
    memory.write("workload", "matvec")
    window = MainWindow(Controller(FakeSupervisor(TARGETS, pace=pace)), memory)
    window.resize(1280, 800)
    window.show()
    window.chart.load_plot()
    window.controller.find_hardware()
    settle(window, lambda: not window.controller.searching)
    if filled:
        window.controller.show_session(crowded(), title="crowded")
        settle(window, lambda: len(window.controller.rows) == len(window.controller.session.plan.cases))
    return window


def settle(window: MainWindow, ready: Callable[[], object], seconds: float = 60.0) -> None:
    """Let Qt work until it is so, and once more."""
    end = monotonic() + seconds
    while not ready():
        assert monotonic() < end, f"waited in vain in {window.windowTitle()}"
        QApplication.processEvents()
        sleep(0.002)
    QApplication.processEvents()
