"""``hardware`` and ``kernels``: what this machine has, and what can run where."""

from collections import Counter
from collections.abc import Iterable

import msgspec
from rich.text import Text

from app.catalog.index import UNCHECKED, variants
from app.catalog.named_plans import NAMED_PLANS
from app.cli.browser import open_browsers
from app.cli.browser_options import NO_BROWSER, BrowserChoice
from app.cli.output import console, plain_table, print_json, print_table, remark, say
from app.core.events import TargetsFound
from app.core.foreign import as_line
from app.core.selection import split
from app.core.target import Feature, FeatureState, Target
from app.core.usual import why_unusual
from app.core.variant import why_not
from app.engines import ENGINES
from app.figures import units
from app.machine.ceilings import as_known
from app.machine.store import Store
from app.worker.supervisor import Supervisor
from app.worker.workers import SLOW

MARKS = {
    FeatureState.SUPPORTED: "yes",
    FeatureState.EMULATED: "emulated",
    FeatureState.MISSING: "no",
    FeatureState.BLOCKED: "blocked",
    FeatureState.UNKNOWN: "unknown",
}
LIMITS = (
    "maxStorageBufferBindingSize",
    "maxBufferSize",
    "maxComputeWorkgroupStorageSize",
    "maxComputeInvocationsPerWorkgroup",
    "maxComputeWorkgroupsPerDimension",
)
"""The limits that decide what a kernel may do; all of them are in the JSON."""


CPU_ENGINES = {"wasmtime": "wasmtime", "v8": "v8", "numpy": "native"}
"""By the one target that each has."""


def engines_for(words: Iterable[str]) -> tuple[str, ...]:
    """The engines to ask for targets so called: all, unless each word is the target of a CPU engine.

    Asking for GPUs takes a second, and minutes on some servers.
    """
    names = {word.lower() for word in split(words)}
    if not names or not names <= CPU_ENGINES.keys():
        return tuple(ENGINES)
    return tuple(engine for name, engine in CPU_ENGINES.items() if name in names)


def find_targets(
    supervisor: Supervisor, browsers: BrowserChoice = NO_BROWSER, words: Iterable[str] = ()
) -> tuple[list[Target], dict[str, str]]:
    """Every target of this machine and the engines' versions; says on stderr what is missing and why.

    Where ``words`` name targets, engines that have none of them need not be asked.

    Raises:
        KernelscopeError: a browser that was asked for is not there or does not open the page.
    """
    open_browsers(supervisor, browsers)
    targets: list[Target] = []
    versions: dict[str, str] = {}
    for event in supervisor.find_targets(engines_for(words)):
        if isinstance(event, TargetsFound):
            targets += event.targets
            versions |= event.versions
            for note in event.notes:
                remark(note)
        elif event.text == SLOW:
            remark(event.text)
    order = tuple(ENGINES)
    return sorted(targets, key=lambda target: order.index(target.engine)), versions


def print_hardware(as_json: bool, browsers: BrowserChoice = NO_BROWSER) -> None:
    """Print the targets."""
    supervisor = Supervisor()
    try:
        targets, _ = find_targets(supervisor, browsers)
        targets = as_known(Store(supervisor.versions), targets)
    finally:
        supervisor.close()
    if as_json:
        print_json(targets)
        return
    reasons = why_unusual(targets)
    for target in targets:
        _print_target(target, reasons.get(target.id, ""))


def _print_target(target: Target, unusual: str) -> None:
    say()
    console().print(
        Text(as_line(target.label), "bold").append(f"   --target {as_line(target.id)}", "not bold")
    )
    say(f"  {target.name} · {target.backend} · {target.driver} · {target.kind}")
    if target.note:
        say(f"  {target.note}")
    if unusual:
        say(f"  runs only when asked for: {unusual}")
    for name, value in target.properties.items():
        say(f"  {name}: {value}")
    groups = dict.fromkeys(feature.group for feature in target.features)
    for group in groups:
        _print_group(group, [f for f in target.features if f.group == group])
    shown = [f"{name} {_limit(name, target.limits[name])}" for name in LIMITS if name in target.limits]
    if shown:
        say(f"  Limits: {', '.join(shown)}")


def _print_group(group: str, features: list[Feature]) -> None:
    counts = Counter(feature.state for feature in features)
    say(f"  {group}: {', '.join(f'{counts[s]} {s.value}' for s in FeatureState if counts[s])}")
    for feature in features:
        if feature.state is FeatureState.SUPPORTED:
            continue
        unlock = f"; unlock: {feature.unlock}" if feature.unlock else ""
        phase = f" (phase {feature.phase})" if feature.phase else ""
        say(f"    {MARKS[feature.state]:9} {feature.name}{phase}: {feature.reason}{unlock}")
    names = [feature.name for feature in features if feature.state is FeatureState.SUPPORTED]
    if names:
        say(f"    {'yes':9} {', '.join(names)}")


def _limit(name: str, value: int) -> str:
    return units.bytes_(value) if name.endswith("Size") else str(value)


def print_kernels(as_json: bool) -> None:
    """Print the variants with what they need and where they can run."""
    supervisor = Supervisor()
    try:
        targets, _ = find_targets(supervisor)
    finally:
        supervisor.close()
    if as_json:
        listing = [
            {
                **msgspec.to_builtins(variant),
                "runs_on": [t.id for t in targets if not why_not(variant, t)],
                "refused_by": {
                    t.id: why_not(variant, t)
                    for t in targets
                    if t.runtime is variant.runtime and why_not(variant, t)
                },
            }
            for variant in variants()
        ]
        print_json(listing)
        return
    table = plain_table("workload", "runtime", "variant", "what it is", "needs", "runs on", wrap=True)
    for variant in (v for v in variants() if v.checked):
        where = [t.id for t in targets if not why_not(variant, t)]
        table.add_row(
            variant.workload,
            variant.runtime.value,
            variant.name,
            variant.summary,
            ", ".join(variant.requires) or "nothing",
            ", ".join(where) or "nowhere here",
        )
    print_table(table)
    say()
    say("Plans, for run --plan NAME:")
    for plan in NAMED_PLANS:
        say(f"  {plan.name:12} {plan.question}")
    say()
    say(f"Every WGSL variant also runs as NAME+{UNCHECKED}: native only, without the web's checks.")
