"""Sessions: a run as it is kept, self-contained."""

from msgspec import Struct, field

from app.core.ceilings import Ceilings
from app.core.measurement import Measurement
from app.core.plan import Plan
from app.core.searches import Search
from app.core.target import Target
from app.core.variant import Variant
from app.figures import units

SCHEMA_VERSION = 2


class Host(Struct, frozen=True):
    """The machine: ``memory`` in bytes, ``versions`` of everything that has a say in a result.

    ``cores`` are those that the run might use, of ``all_cores`` (0: nobody noted how many there were).
    """

    system: str
    processor: str
    cores: int
    memory: int
    python: str
    versions: dict[str, str] = {}
    all_cores: int = 0

    @property
    def core_words(self) -> str:
        """``8 cores``, or ``2 of 8 cores``."""
        return units.cores(self.cores, self.all_cores)


class KernelText(Struct, frozen=True):
    """The exact text that ran."""

    language: str
    text: str


class LogLine(Struct, frozen=True):
    """``time`` is ISO 8601 in UTC."""

    time: str
    level: str
    text: str


class Session(Struct, frozen=True, kw_only=True):
    """A run: hardware, plan, variants, kernel texts (each once, by key), measurements, ceilings, log.

    ``measurements[i]`` belongs to ``plan.cases[i]``; cases that never began are missing at the end. ``bases``
    are no rows: baselines, and what a text of the user's own was made from, that a run which was added later
    measured anew beside its own cases, and those that such a run left no row of.
    ``ceilings`` are those of its targets, by id, where they are known; ``searches`` the tunings it holds.
    ``host`` is the machine that asked for the run; targets of a fleet are on ``machines``, by name.
    """

    schema_version: int = SCHEMA_VERSION
    app_version: str
    created: str
    host: Host
    targets: tuple[Target, ...]
    variants: tuple[Variant, ...]
    plan: Plan
    kernels: dict[str, KernelText] = field(default_factory=dict)
    measurements: tuple[Measurement, ...] = ()
    bases: tuple[Measurement, ...] = ()
    ceilings: dict[str, Ceilings] = field(default_factory=dict)
    searches: tuple[Search, ...] = ()
    log: tuple[LogLine, ...] = ()
    machines: dict[str, Host] = field(default_factory=dict)

    def host_of(self, target: Target) -> Host:
        """The machine that ``target`` is on."""
        return self.machines.get(target.machine, self.host)

    @property
    def hosts(self) -> dict[str, Host]:
        """The machines that something ran on, by name; one without a fleet has none."""
        used = {case.target for case in self.plan.cases}
        names = dict.fromkeys(target.machine for target in self.targets if target.id in used)
        return {name: self.machines.get(name, self.host) for name in names} or {"": self.host}

    def target(self, id: str) -> Target:
        """The target with that id. Raises KeyError when the session has none."""
        for target in self.targets:
            if target.id == id:
                return target
        raise KeyError(id)

    def variant(self, workload: str, name: str, runtime: str) -> Variant:
        """The variant with that name. Raises KeyError when the session has none."""
        for variant in self.variants:
            if (variant.workload, variant.name, variant.runtime.value) == (workload, name, runtime):
                return variant
        raise KeyError(f"{runtime} {workload} {name}")
