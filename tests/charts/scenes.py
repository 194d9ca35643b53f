"""Each mode with a session that fills it, and what it draws of one."""

from collections.abc import Callable

from app.charts.modes import find_mode
from app.charts.picture import Picture
from app.charts.scene import Scene, View
from app.core.session import Session
from app.findings.rows import rows
from app.storage.shipped import articles
from app.workloads import workloads
from tests.charts.made import both_compilers, both_sides, suspended, threaded, tuned, with_outliers

FILLED: dict[str, Callable[[], Session]] = {
    "size": both_sides,
    "bars": both_sides,
    "heatmap": both_sides,
    "roofline": both_sides,
    "accuracy": both_sides,
    "live": both_sides,
    "samples": with_outliers,
    "tune": tuned,
    "crossover": both_sides,
    "threads": threaded,
    "suspension": suspended,
    "compilers": both_compilers,
}


def scene(made: Session, mode: str, told: bool = False, **view: str) -> Scene:
    base = made.plan.baseline
    looked = View(mode, **view)
    return Scene(made, rows(made, workloads(), base), workloads(), base, looked, articles() if told else None)


def draw(made: Session, mode: str, **view: str) -> Picture:
    picture = find_mode(mode).make(scene(made, mode, **view))
    assert isinstance(picture, Picture), picture
    return picture
