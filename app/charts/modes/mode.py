"""A mode: one way to look at a session, as a name, words and a pure function."""

from collections.abc import Callable
from dataclasses import dataclass

from app.charts import choices
from app.charts.choices import Offer, Selector
from app.charts.picture import Empty, Picture, Spot
from app.charts.scene import Scene
from app.figures import units
from app.figures.verdict import wording


def read_row(scene: Scene, spot: Spot) -> str:
    """What a read-out says of a case: where, the spot's own words, speedup, time, error."""
    row = spot.row
    if row is None:
        return spot.note
    parts = [f"{row.label} at {row.size}", spot.note]
    if not row.ok:
        why = row.measurement.reason
        parts.append(f"{row.measurement.status.value}{f': {why}' if why else ''}")
    elif row.is_baseline:
        parts.append("the baseline")
    else:
        parts.append(
            wording(row.speedup) if row.speedup else f"no speedup: {scene.baseline_title} has no result here"
        )
    if row.summary:
        parts.append(units.seconds(row.summary.median))
    if row.ok and row.measurement.error:
        parts.append(f"error {row.measurement.error.words}")
    return "  ·  ".join(filter(None, parts))


@dataclass(frozen=True)
class Mode:
    """One way to look at a session; screen, files and presentations all draw what ``make`` gives.

    ``tip`` says what question it answers. ``offers`` are the choices that it heeds beside the workload.
    ``read`` says of a spot what stands below the chart. ``articles`` tells whether their figures suit it,
    and ``filled`` whether a session has what it shows of the workload in sight.
    """

    name: str
    title: str
    tip: str
    make: Callable[[Scene], Picture | Empty]
    offers: tuple[Offer, ...] = ()
    read: Callable[[Scene, Spot], str] = read_row
    articles: bool = False
    filled: Callable[[Scene], bool] = lambda scene: bool(scene.measured_shapes)

    def fills(self, scene: Scene) -> bool:
        """Whether the session has what it shows of any workload."""
        return any(self.filled(scene.of(name)) for name in scene.workload_names)

    def look(self, scene: Scene) -> tuple[Scene, Picture | Empty]:
        """The scene shown and its picture: where no workload was chosen, of the first that has one."""
        made = self.make(scene)
        if not isinstance(made, Empty):
            return scene, made
        others = [scene.of(name) for name in scene.workload_names if name != scene.workload]
        for other in others:
            found = self.make(other)
            if isinstance(found, Empty):
                continue
            if not scene.workload_chosen:
                return other, found
            words = f"This session has some of {other.workload}: choose it above."
            return scene, Empty(f"Nothing of {scene.workload} to show here", words, made.action, made.button)
        return scene, made

    def choices(self, scene: Scene) -> tuple[Selector, ...]:
        """What can be chosen of this scene; a choice of one is none."""
        made = (choices.workload(scene), *(offer(scene) for offer in self.offers))
        return tuple(choice for choice in made if len(choice.options) > 1)
