"""Tune: what a tuning tried as a heat map over two of its parameters, the winner framed."""

from collections.abc import Iterable, Sequence
from itertools import combinations

from msgspec import structs

from app.charts import choices
from app.charts.choices import Selector
from app.charts.grid import Cell, Grid, Tones, name_axis
from app.charts.modes.mode import Mode
from app.charts.picture import Axis, Empty, Picture, Spot
from app.charts.scene import Scene
from app.core.measurement import Measurement, Status
from app.core.searches import Search
from app.core.tuning import Candidate, Values, best_first, describe
from app.figures import units
from app.findings.rows import Row

JOINT = " x "
LOST = "lost when the best were timed again in turn"
SHORT = {Status.SKIPPED: "slower", Status.WRONG: "wrong", Status.UNSUPPORTED: "refused"}


def make(scene: Scene) -> Picture | Empty:
    """A cell per pair of values: the fastest that was tried with both, whatever the other parameters were."""
    search = scene.search
    if search is None:
        return Empty(
            "Nothing was tuned in this session",
            "A tuning tries a variant's parameters on one target and keeps the best: choose one to tune.",
            "tune",
            "Tune…",
        )
    if not search.candidates:
        return Empty("No candidate yet", search.reason or f"{search}: the first one is being compiled.")
    across, down = _chosen(scene, search)
    cells = [
        _cell(scene, search, (across, down), (i, j), (x, y))
        for j, y in enumerate(_values(search, down))
        for i, x in enumerate(_values(search, across))
    ]
    return Grid(
        **scene.frame(
            f"tuning of {search.case.variant}, {scene.name(search.case.shape)}, {_where(scene, search)}"
        ),
        x=name_axis(across, [str(value) for value in _values(search, across)]),
        y=_down_axis(search, down),
        cells=tuple(cell for cell in cells if cell),
        tones=Tones.ONE_WAY,
        remark=_remark(search),
    )


def _where(scene: Scene, search: Search) -> str:
    return scene.labels.get(search.case.target, search.case.target)


def _searched(search: Search) -> list[str]:
    """The parameters of which more than one value was tried; at least one."""
    found = [name for name in search.case.parameters if len(_values(search, name)) > 1]
    return found or list(search.case.parameters)[:1]


def _values(search: Search, name: str) -> list[int | str]:
    if not name:
        return [""]
    found = {c.parameters[name] for c in search.candidates if name in c.parameters}
    return sorted(found, key=lambda value: (isinstance(value, str), value))


def parameters(scene: Scene) -> Selector:
    """The choice of two of the parameters."""
    pairs = _pairs(scene.search) if scene.search and scene.search.candidates else []
    chosen = scene.view.parameters
    known = chosen if chosen in pairs else next(iter(pairs), "")
    return Selector("parameters", tuple((pair, pair) for pair in pairs), known)


def _pairs(search: Search) -> list[str]:
    return [JOINT.join(pair) for pair in combinations(_searched(search), 2)]


def _chosen(scene: Scene, search: Search) -> tuple[str, str]:
    """The parameters across and down; with only one there is nothing down."""
    pair = parameters(scene).chosen
    if pair:
        across, down = pair.split(JOINT)
        return across, down
    return _searched(search)[0], ""


def _down_axis(search: Search, down: str) -> Axis:
    names = [str(value) for value in _values(search, down)]
    return name_axis(down, names, downwards=True)


def _cell(
    scene: Scene,
    search: Search,
    names: tuple[str, str],
    place: tuple[int, int],
    values: tuple[int | str, int | str],
) -> Cell | None:
    wanted = {name: value for name, value in zip(names, values, strict=True) if name}
    tried = [c for c in search.candidates if wanted.items() <= c.parameters.items()]
    if not tried:
        return None
    best = next(iter(best_first(tried)), tried[-1])
    marked = any(c.parameters == winner(search) for c in tried)
    text = units.seconds(best.seconds) if best.seconds else SHORT.get(best.status, best.status.value)
    note = _note(best, tried)
    if best == _beaten(search):
        note += f"  ·  {LOST}"
    spot = Spot(float(place[0]), float(-place[1]), _row(scene, search, best), note=note)
    return Cell(spot, best.seconds, text, marked)


def _row(scene: Scene, search: Search, candidate: Candidate) -> Row | None:
    """A candidate as details and source take it; it has a place before all rows, for it is none of them."""
    case, session = structs.replace(search.case, parameters=candidate.parameters), scene.session
    try:
        target = session.target(case.target)
        variant = session.variant(case.workload, case.variant, target.runtime.value)
    except KeyError:
        return None
    tried = f"tried while tuning: {units.seconds(candidate.seconds)} a run" if candidate.seconds else ""
    measurement = Measurement(case, candidate.status, candidate.reason, stop=tried)
    index = ~search.candidates.index(candidate)
    return Row(index, measurement, target, variant, None, None, False, None, None)


def winner(search: Search) -> Values | None:
    """What won, or leads so far."""
    if search.tuning:
        return search.tuning.parameters
    leading = best_first(search.candidates)
    return leading[0].parameters if leading else None


def _beaten(search: Search) -> Candidate | None:
    """What looked fastest while searching, if something else won the finals."""
    looked = next(iter(best_first(search.candidates)), None)
    return looked if looked and search.tuning and looked.parameters != search.tuning.parameters else None


def _note(best: Candidate, tried: Sequence[Candidate]) -> str:
    outcome = units.seconds(best.seconds) if best.seconds else f"{best.status.value}: {best.reason}"
    others = f"  ·  the best of {len(tried)} tried here" if len(tried) > 1 else ""
    return f"{describe(best.parameters)}  ·  {outcome}{others}"


def _remark(search: Search) -> str:
    tried = f"{len(search.candidates)} of {search.space} tried" if search.space else ""
    found = search.tuning
    if found is None:
        return "; ".join(_some((search.reason or "searching", tried)))
    beaten = f"what looked fastest {LOST}" if _beaten(search) else ""
    if found.parameters == found.defaults:
        return "; ".join(_some(("The defaults are best", describe(found.defaults), tried, beaten)))
    ratio = found.speedup
    gain = units.speedup(ratio.value, ratio.low, ratio.high) if ratio else ""
    over = f"{gain} over the defaults" if gain else ""
    return "; ".join(_some((f"Best: {describe(found.parameters)}", over, tried, beaten)))


def _some(parts: Iterable[str]) -> Iterable[str]:
    return filter(None, parts)


MODE = Mode(
    "tune",
    "Tune",
    "What a tuning tried, over two of its parameters: how much do they matter, and which won?",
    make,
    (choices.search, parameters),
    lambda _, spot: spot.note,
    filled=lambda scene: bool(scene.searches),
)
