"""What the empty chart says in each situation: searching, ready, starting, nothing to draw."""

from app.core.measurement import Status
from app.core.series import Quantity
from app.gui.controller import Controller

Words = tuple[str, str]


def empty_words(control: Controller, quantity: Quantity, plan: str, ready: bool) -> Words:
    """A heading and what to do about it."""
    if control.running:
        return (
            "Compiling and checking…",
            "The first points appear once a variant and its base line have samples. Esc stops the run.",
        )
    if control.session and control.session.measurements:
        return _nothing_drawn(control, quantity)
    if control.searching:
        return (
            "Looking for adapters…",
            "WebGPU adapters, Wasm engines and NumPy appear in the Kernels panel as they answer.",
        )
    if not control.targets:
        return ("Nothing to run on", "No engine answered; the log says why. Run ▸ Look for hardware again.")
    return ("Press F5 to run" if ready else "Almost ready to run", plan)


def _nothing_drawn(control: Controller, quantity: Quantity) -> Words:
    assert control.session is not None
    measurements = control.session.measurements
    if not control.rows:
        return ("Reading the session…", "")
    good = [m for m in measurements if m.status is Status.OK]
    if good and quantity is Quantity.SPEEDUP:
        return (
            "No speedups to show",
            f"The base line {control.baseline} has no result in this session. Pick another base line in the "
            "Kernels panel, or look at GFLOP/s: the measurements are there.",
        )
    if all(m.status is Status.CANCELLED for m in measurements):
        return ("Stopped before the first result", "Press F5 to run again.")
    bad = next((m for m in measurements if m.reason and m.status is not Status.CANCELLED), None)
    why = f"{bad.case}: {bad.status.value}: {bad.reason}" if bad else "The Results table has the details."
    return ("No results to draw", why)
