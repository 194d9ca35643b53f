"""Workers that may be brought down: every test has a supervisor of its own."""

from collections.abc import Iterator

import pytest

from app.worker.supervisor import Supervisor


@pytest.fixture
def own() -> Iterator[Supervisor]:
    supervisor = Supervisor()
    yield supervisor
    supervisor.close()
