"""What the empty chart says in each situation: searching, ready, starting, nothing to draw."""

from collections import Counter

from app.charts.picture import Empty
from app.core.measurement import Status
from app.core.target import Runtime
from app.gui.state.controller import Controller

EXAMPLE = ("example", "Explore an example with GPUs")
"""What to do where there is no GPU."""


def empty_words(control: Controller, empty: Empty | None, plan: str, ready: bool) -> Empty:
    """A heading and what to do about it; ``empty`` is why the mode has nothing to show of a session."""
    if control.running:
        return Empty(
            "Compiling and checking…",
            "The first points appear once a variant and its baseline have samples. Shift+F5 stops the run.",
        )
    if control.session and control.session.measurements:
        return _nothing_drawn(control, empty)
    if control.searching:
        return Empty(
            "Looking for adapters…",
            "WebGPU adapters, Wasm engines and NumPy appear among the targets above as they answer.",
        )
    if not control.targets:
        return Empty(
            "Nothing to run on",
            "No engine answered; the log says why. Run ▸ Look for hardware again.",
            *EXAMPLE,
        )
    if not ready:
        return Empty("Almost ready to run", plan)
    gpu = any(target.runtime is Runtime.WGSL for target in control.targets)
    return Empty("Press F5 to run", plan, *(("chart1", "Chrome's f16 / u8 / dot4 chart") if gpu else EXAMPLE))


def _nothing_drawn(control: Controller, empty: Empty | None) -> Empty:
    assert control.session is not None
    measurements = control.session.measurements
    if not control.rows:
        return Empty("Reading the session…", "")
    if empty and any(m.status is Status.OK for m in measurements):
        return empty
    if all(m.status is Status.CANCELLED for m in measurements):
        return Empty("Stopped before the first result", "Press F5 to run again.")
    counts = Counter(m.status.value for m in measurements)
    told = ", ".join(f"{count} {status}" for status, count in counts.items())
    bad = next((m for m in measurements if m.reason and m.status is not Status.CANCELLED), None)
    first = f" The first: {bad.case}: {bad.reason.rstrip('.')}." if bad else ""
    return Empty("No results to draw", f"{told}.{first} The Results table has them all.")
