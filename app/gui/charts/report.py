"""The charts of a report: every picture that a finished session has, workload by workload."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from app.charts.headline import finds, headline
from app.charts.modes import MODES, Mode, live
from app.charts.picture import Empty, Lines, Picture
from app.charts.scene import Scene, View
from app.core.session import Session
from app.findings.rows import Row
from app.gui.charts.export import ensure_application, picture_bytes
from app.gui.charts.paper import Paper
from app.storage.reports import Chart
from app.workloads import workloads

MOST_SPOTS = 1000
"""Spots that a picture has as SVG at most: of more it grows larger than pixels, and slow to scroll."""

NARROW, PANEL = 420.0, 190.0
"""Width of a drawing for a telephone, and the height that each panel of it takes, two in a row."""


@dataclass(frozen=True)
class Drawn:
    """A picture of a report: its workload and mode; ``folded`` is what the reader has to ask for."""

    workload: str
    mode: Mode
    title: str
    picture: Picture
    folded: bool

    @property
    def words(self) -> str:
        """What is on it."""
        said = self.picture.remark or headline(self.picture)
        return ". ".join(dict.fromkeys((said.removesuffix("."), self.picture.title)))


def drawn(session: Session, rows: Sequence[Row], baseline: str) -> list[Drawn]:
    """All pictures, in the order of the window's buttons; modes with nothing to show are left out."""
    whole = Scene(session, rows, workloads(), baseline)
    return [
        one
        for name in whole.workload_names
        for mode in MODES
        if mode is not live.MODE  # of a run that is over, bars and samples say the same
        for one in _drawn(name, mode, replace(whole, view=View(mode.name, name)))
    ]


def _drawn(workload: str, mode: Mode, scene: Scene) -> Iterator[Drawn]:
    """One, or one per target where the mode shows one at a time."""
    targets = next((choice.options for choice in mode.choices(scene) if choice.name == "target"), None)
    for i, (target, label) in enumerate(targets or (("", ""),)):
        picture = mode.make(replace(scene, view=structs.replace(scene.view, target=target)))
        if not isinstance(picture, Empty):
            title = f"{mode.title}, {label}" if label else mode.title
            yield Drawn(workload, mode, title, picture, folded=i > 0)


def lead(pictures: Sequence[Drawn]) -> Drawn | None:
    """The picture that a report opens with: the first that finds something, else the first."""
    return next((one for one in pictures if finds(one.picture)), next(iter(pictures), None))


def report_charts(session: Session, rows: Sequence[Row], baseline: str) -> dict[str, tuple[Chart, ...]]:
    """Charts by workload; the one that leads has a drawing for narrow pages too."""
    ensure_application()
    pictures = drawn(session, rows, baseline)
    first = lead(pictures)
    names = dict.fromkeys(one.workload for one in pictures)
    return {
        name: tuple(_chart(one, one is first) for one in pictures if one.workload == name) for name in names
    }


def _chart(one: Drawn, leads: bool) -> Chart:
    suffix = ".svg" if len(one.picture.spots) <= MOST_SPOTS else ".png"
    shown = untitled(one.picture) if leads else one.picture
    return Chart(
        one.title,
        "" if one.folded else one.mode.tip,
        one.words,
        picture_bytes(shown, suffix),
        one.folded,
        headline(one.picture) if leads else "",
        picture_bytes(shown, suffix, paper=_narrow(one.picture)) if leads else b"",
    )


def untitled(picture: Picture) -> Picture:
    """A picture without its finding, for where that is the page's own heading."""
    return replace(picture, remark=picture.title)


def _narrow(picture: Picture) -> Paper:
    count = len(picture.parts) if isinstance(picture, Lines) else 2
    return Paper(NARROW, 180 + PANEL * -(-max(2, count) // 2))
