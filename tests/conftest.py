"""What all tests share: this machine's real targets, and a supervisor that runs plans on them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import settings

from app.core.events import AnyEvent, TargetsFound
from app.core.plan import Plan
from app.core.session import Session
from app.core.target import Target
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor

settings.register_profile("ours", deadline=None)  # how long an example takes is the machine's doing
settings.load_profile("ours")

# A shell has what runs in the background ignore Ctrl-C, and programs would inherit that from the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parent.parent
T = TypeVar("T")


def _shared(factory: pytest.TempPathFactory) -> Path:
    """A folder that all workers of this run have, and no other run."""
    base = factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shaders"


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Logs, history and settings of the tests go to a folder of their own."""
    home = tmp_path_factory.mktemp("home")
    before = dict(os.environ)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home / name.lower())
    os.environ["KERNELSCOPE_LOCK"] = ""  # tests measure beside each other: what they claim holds anyway
    # What Mesa compiled once, no other test and no other worker has to compile again.
    os.environ["MESA_SHADER_CACHE_DIR"] = str(_shared(tmp_path_factory))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def supervisor(_own_home: None) -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.close()


@pytest.fixture(scope="module")
def own(_own_home: None) -> Iterator[Supervisor]:
    """A supervisor for one module's tests, which do to it what others should not meet."""
    supervisor = Supervisor()
    yield supervisor
    supervisor.close()


@pytest.fixture(scope="session")
def targets(supervisor: Supervisor) -> list[Target]:
    """Every target of this machine."""
    return [
        target
        for event in supervisor.find_targets()
        if isinstance(event, TargetsFound)
        for target in event.targets
    ]


@pytest.fixture
def gpus(targets: list[Target]) -> list[Target]:
    """This machine's adapters; without any, the test is skipped and says so."""
    found = [target for target in targets if target.engine == "webgpu"]
    if not found:
        pytest.skip("no GPU adapter here")
    return found


def until(ready: Callable[[], object], seconds: float = 240) -> None:
    """Wait until ``ready()``, and fail where that never comes: a busy machine takes its time."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def limited(targets: list[Target], run: Callable[[Supervisor, int], T], fair: Callable[[T], bool]) -> T:
    """What ``run`` gives within the least limit of seconds that hits nothing innocent, which is ``fair``.

    A limit of a second or two does where other programs want the processor as well. Each run has a supervisor
    of its own, for what a limit hits once is kept away from its target.
    """
    for seconds in (2, 8, 32):
        supervisor = Supervisor()
        supervisor._targets = {target.id: target for target in targets}
        try:
            found = run(supervisor, seconds)
        finally:
            supervisor.close()
        if fair(found):
            break
    return found


def soon(seconds: float) -> float:
    """A bound on how long an answer takes, which holds where this process is not one of many that wait."""
    return seconds if os.getloadavg()[0] < (os.cpu_count() or 1) else 20 * seconds


def take_session(supervisor: Supervisor, targets: list[Target], plan: Plan) -> tuple[Session, list[AnyEvent]]:
    """Run ``plan`` to its end; the session and every event."""
    recorder = make_recorder(plan, targets)
    events = []
    for event in supervisor.run(plan):
        recorder.apply(event)
        events.append(event)
    return recorder.session(), events


SLOWEST = (
    "engines/test_correct.py",
    "cli/test_cli.py",
    "engines/test_browser.py",
    "engines/test_mutations.py",
    "engines/test_models.py",
    "test_made_up_variant.py",
    "test_site.py",
    "machine/test_ceilings.py",
    "worker/test_faults.py",
)
"""Files that take over a minute begin first, so that no worker is left with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slowest files first; all else stays in order."""
    places = {ROOT / "tests" / name: place for place, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))
