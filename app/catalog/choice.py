"""What named plans are made of: choices, as people write them."""

from collections.abc import Sequence

from msgspec import Struct

from app.core.baseline import USUAL_BASELINE


class Choice(Struct, frozen=True, kw_only=True):
    """What to run, as people write it: names, glob patterns and comma lists.

    No target means the usual ones, no variant likewise, no size the workload's own. Cases of variants with a
    parameter called ``sweep`` run with each of its values instead of one.

    On GPUs that are no CPU, what the others run would leave most of it idle: ``on_gpus`` are the variants
    that run there as well, ``+subgroup`` left out where it has none, and ``larger`` the sizes that every
    target gains as soon as there is such a one. With ``peers`` every library that is there runs beside them.
    """

    workload: Sequence[str] = ("matvec",)
    target: Sequence[str] = ()
    variant: Sequence[str] = ()
    sizes: Sequence[str] = ()
    sweep: str = ""
    on_gpus: Sequence[str] = ()
    larger: Sequence[str] = ()
    peers: bool = False


class NamedPlan(Struct, frozen=True, kw_only=True):
    """Choices that run one after the other, and the question that they answer."""

    name: str
    question: str
    choices: tuple[Choice, ...]
    baseline: str = USUAL_BASELINE
