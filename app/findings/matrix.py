"""The hardware matrix: a line per feature and limit, a cell per target, and where they differ."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct, structs

from app.core import limits
from app.core.limits import Standing
from app.core.session import Session
from app.core.target import LANGUAGE, NATIVE, WASM_PROPOSALS, WEB, Feature, FeatureState, Target
from app.core.variant import Variant, why_not

LIMITS = "Limits"
IDENTITY = "Identity"


class Column(Struct, frozen=True):
    """A target under the name it goes by here; ``note`` says where it comes from."""

    title: str
    target: Target
    note: str = ""


class LineKind(StrEnum):
    """What a line is about."""

    FACT = "fact"
    FEATURE = "feature"
    LIMIT = "limit"


class Cell(Struct, frozen=True):
    """What one target has: a feature's state and why, or a limit's value and how it compares.

    ``text`` is empty where the target has nothing of the kind; ``value`` is a limit's own.
    """

    text: str = ""
    state: FeatureState | None = None
    standing: Standing | None = None
    value: int | None = None
    reason: str = ""
    unlock: str = ""


class Line(Struct, frozen=True):
    """``default`` is what WebGPU or the Wasm standard says of it; ``use`` and ``probe`` are the feature's."""

    kind: LineKind
    group: str
    name: str
    default: str
    cells: tuple[Cell, ...]
    use: str = ""
    probe: str = ""

    @property
    def differs(self) -> bool:
        """Whether some targets differ in it."""
        return len({cell.text for cell in self.cells}) > 1


def columns(named: Sequence[tuple[str, Session]]) -> list[Column]:
    """A column per target of every session, named after the session where there are several."""
    return [
        Column(
            f"{name}: {target.label}" if len(named) > 1 else target.label,
            target,
            session.host_of(target).processor,
        )
        for name, session in named
        for target in session.targets
    ]


def matrix(shown: Sequence[Column]) -> list[Line]:
    """Who they are, then features group by group, then limits: the order of the first that has them."""
    targets = [column.target for column in shown]
    return [*_identity(targets), *_features(targets), *_limits(targets)]


def _identity(targets: Sequence[Target]) -> list[Line]:
    facts = [
        {
            "id": t.id,
            "device": t.name,
            "backend": t.backend,
            "driver": t.driver,
            "type": t.kind,
            **t.properties,
            "note": t.note,
        }
        for t in targets
    ]
    names = dict.fromkeys(name for own in facts for name, value in own.items() if value)
    return [
        Line(LineKind.FACT, IDENTITY, name, "", tuple(Cell(own.get(name, "")) for own in facts))
        for name in names
    ]


def _features(targets: Sequence[Target]) -> list[Line]:
    groups = dict.fromkeys(f.group for target in targets for f in target.features)
    found = []
    for group in groups:
        known: dict[str, Feature] = {}
        for feature in (f for target in targets for f in target.features if f.group == group):
            known.setdefault(feature.name, feature)
        for name, first in known.items():
            cells = tuple(_state(target, group, name) for target in targets)
            default = _default(first)
            found.append(Line(LineKind.FEATURE, group, name, default, cells, first.use, first.probe))
    return found


def _default(feature: Feature) -> str:
    if feature.group == WASM_PROPOSALS:
        return f"phase {feature.phase}"
    if feature.name == "core-features-and-limits":
        return "always there"
    return {WEB: "optional", LANGUAGE: "optional", NATIVE: "never"}.get(feature.group, "")


def _state(target: Target, group: str, name: str) -> Cell:
    own = {feature.name: feature for feature in target.features if feature.group == group}
    if not own:
        return Cell()
    feature = own.get(name)
    if feature is None and group == NATIVE:
        # Adapters list only what they offer.
        feature = Feature(name, FeatureState.MISSING, "the adapter does not offer it")
    feature = feature or target.feature(name)
    return Cell(feature.state.value, state=feature.state, reason=feature.reason, unlock=feature.unlock)


def _limits(targets: Sequence[Target]) -> list[Line]:
    own = [{limits.spelled(name): value for name, value in target.limits.items()} for target in targets]
    names = dict.fromkeys(name for each in own for name in each)
    return [
        Line(
            LineKind.LIMIT,
            LIMITS,
            name,
            limits.wording(name, limits.DEFAULTS[name]) if name in limits.DEFAULTS else "not in WebGPU",
            tuple(_value(name, each.get(name)) for each in own),
        )
        for name in names
    ]


def _value(name: str, value: int | None) -> Cell:
    if value is None:
        return Cell()
    return Cell(limits.wording(name, value), standing=limits.standing(name, value), value=value)


def unlocked(name: str, target: Target, variants: Iterable[Variant]) -> list[Variant]:
    """The checked variants that ``target`` could run if only it had the feature ``name``."""
    others = (f for f in target.features if f.name != name)
    granted = structs.replace(target, features=(*others, Feature(name, FeatureState.SUPPORTED)))
    return [v for v in variants if v.checked and why_not(v, target) and not why_not(v, granted)]
