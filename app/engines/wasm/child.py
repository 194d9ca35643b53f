"""Trying a probe in a process of its own, for those that may end or hang the process they run in."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import msgspec

from app.engines.wasm.proposals import PROPOSALS, Answer, Proposal

CHILD_SECONDS = 10.0


def try_in_child(module: str, proposal: Proposal) -> Answer:
    """What ``python -m module NAME`` answers, or how it ended without an answer."""
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", module, proposal.name],
            capture_output=True,
            timeout=CHILD_SECONDS,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(entry or os.getcwd() for entry in sys.path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(False, f"the probe did not end within {CHILD_SECONDS:g} s")
    if done.returncode < 0:
        name = signal.Signals(-done.returncode).name
        return Answer(False, f"the probe ends the engine's process ({name}), so nothing here may use it")
    try:
        return msgspec.json.decode(done.stdout, type=Answer)
    except msgspec.DecodeError:
        return Answer(False, f"the probe ended with exit code {done.returncode} and no answer")


def serve(answer: Callable[[Proposal], Answer]) -> None:
    """The child's side: answer for the proposal that the command line names, and leave without ado."""
    chosen = next(p for p in PROPOSALS if p.name == sys.argv[1])
    sys.stdout.buffer.write(msgspec.json.encode(answer(chosen)))
    sys.stdout.buffer.flush()
    os._exit(0)
