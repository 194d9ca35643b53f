"""What a mode lets one choose, as data for boxes and command lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.charts.scene import Scene, View
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.core.target import Runtime


@dataclass(frozen=True)
class Selector:
    """The field of ``View`` that it sets, its values with labels, and the one that holds now."""

    name: str
    options: tuple[tuple[str, str], ...]
    chosen: str


Offer = Callable[[Scene], Selector]


def workload(scene: Scene) -> Selector:
    """The choice of a workload of the plan."""
    return Selector("workload", tuple((name, name) for name in scene.workload_names), scene.workload)


def quantity(known: Mapping[str, str]) -> Offer:
    """The choice among these quantities, by label."""

    def offer(scene: Scene) -> Selector:
        chosen = scene.view.quantity
        return Selector("quantity", tuple(known.items()), chosen if chosen in known else next(iter(known)))

    return offer


def size(scene: Scene) -> Selector:
    """The choice among the sizes at which something was measured."""
    return size_of(lambda scene: scene.measured_shapes)(scene)


def size_of(shapes: Callable[[Scene], Sequence[Shape]]) -> Offer:
    """The choice among the sizes that ``shapes`` gives: those at which there is what the mode shows."""

    def offer(scene: Scene) -> Selector:
        there = shapes(scene)
        chosen = scene.shape_of(there)
        options = tuple((shape.label, scene.name(shape)) for shape in there)
        return Selector("size", options, chosen.label if chosen else "")

    return offer


def size_or_every(scene: Scene) -> Selector:
    """The choice of one size, or of all beside each other."""
    sizes = size(scene).options
    chosen = next((shape.label for shape in scene.measured_shapes if shape.called(scene.view.size)), "")
    return Selector("size", (("", "every size"), *sizes) if len(sizes) > 1 else sizes, chosen)


def target(scene: Scene) -> Selector:
    """The choice among the targets on which something was measured."""
    return target_of(*Runtime)(scene)


def target_of(*runtimes: Runtime) -> Offer:
    """The choice among the targets of these runtimes."""

    def offer(scene: Scene) -> Selector:
        there = scene.targets_of(*runtimes)
        chosen = scene.target_of(*runtimes)
        return Selector("target", tuple((t.id, t.label) for t in there), chosen.id if chosen else "")

    return offer


def search(scene: Scene) -> Selector:
    """The choice among the tunings."""
    names = tuple((str(one), str(one)) for one in scene.searches)
    return Selector("search", names, str(scene.search) if scene.search else "")


def check_view(view: View, scene: Scene, offers: tuple[Offer, ...]) -> None:
    """Refuse a choice of ``view`` that the scene shown does not offer.

    On a command line nobody sees what came instead.

    Raises:
        KernelscopeError: with what there is.
    """
    offered = {choice.name: choice.options for choice in (workload(scene), *(o(scene) for o in offers))}
    for name in ("workload", "quantity", "size", "target", "search", "parameters", "panels"):
        value = getattr(view, name)
        if name == "size":
            value = next((shape.label for shape in scene.shapes if shape.called(value)), value)
        if not value:
            continue
        if name not in offered:
            raise KernelscopeError(f"{view.mode} charts offer no choice of {name}")
        if value not in (option for option, _ in offered[name]):
            known = [label if name == "size" else option for option, label in offered[name]] or ["none"]
            raise KernelscopeError(f"no such {name} {value} in this chart; there are: {', '.join(known)}")
