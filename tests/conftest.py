"""What all tests share: this machine's real targets, and a supervisor that runs plans on them."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.core.events import AnyEvent, TargetsFound
from app.core.plan import Plan
from app.core.session import Session
from app.core.target import Target
from app.worker.recording import make_recorder
from app.worker.supervisor import Supervisor

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Logs, history and settings of the tests go to a folder of their own."""
    home = tmp_path_factory.mktemp("home")
    before = dict(os.environ)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(home / name.lower())
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


def until(ready: Callable[[], object], seconds: float = 60) -> None:
    """Wait until ``ready()``, and fail where that takes too long."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def take_session(supervisor: Supervisor, targets: list[Target], plan: Plan) -> tuple[Session, list[AnyEvent]]:
    """Run ``plan`` to its end; the session and every event."""
    recorder = make_recorder(plan, targets)
    events = []
    for event in supervisor.run(plan):
        recorder.apply(event)
        events.append(event)
    return recorder.session(), events
