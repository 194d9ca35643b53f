"""The charts of a report: every picture that a finished session has, workload by workload."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from app.charts.headline import headline
from app.charts.modes import MODES, Mode, live
from app.charts.picture import Empty
from app.charts.scene import Scene, View
from app.core.session import Session
from app.findings.rows import Row
from app.gui.charts.export import ensure_application, picture_bytes
from app.storage.reports import Chart
from app.workloads import workloads

MOST_SPOTS = 1000
"""Spots that a picture has as SVG at most: of more it grows larger than pixels, and slow to scroll."""


def report_charts(session: Session, rows: Sequence[Row], baseline: str) -> dict[str, tuple[Chart, ...]]:
    """Charts by workload, in the order of the window's buttons; modes with nothing to show are left out."""
    ensure_application()
    whole = Scene(session, rows, workloads(), baseline)
    return {
        name: tuple(
            chart
            for mode in MODES
            if mode is not live.MODE  # of a run that is over, bars and samples say the same
            for chart in _charts(mode, replace(whole, view=View(mode.name, name)))
        )
        for name in whole.workload_names
    }


def _charts(mode: Mode, scene: Scene) -> Iterator[Chart]:
    """One, or one per target where the mode shows one at a time."""
    targets = next((choice.options for choice in mode.choices(scene) if choice.name == "target"), None)
    for i, (target, label) in enumerate(targets or (("", ""),)):
        picture = mode.make(replace(scene, view=structs.replace(scene.view, target=target)))
        if not isinstance(picture, Empty):
            title = f"{mode.title}, {label}" if label else mode.title
            said = picture.remark or headline(picture)
            words = ". ".join(dict.fromkeys((said.removesuffix("."), picture.title)))
            suffix = ".svg" if len(picture.spots) <= MOST_SPOTS else ".png"
            yield Chart(title, "" if i else mode.tip, words, picture_bytes(picture, suffix), folded=i > 0)
