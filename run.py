"""Set Kernelscope up beside this file, then start it: ``python3 run.py [arguments of the app]``.

``python3 run.py test`` runs every check, ``python3 run.py bench`` the benchmarks; ``--browser`` after either
installs a Chromium for those that need one. ``python3 run.py docs`` builds the site of documents and modules
in ``site``. All other arguments are the app's. Only the standard library is used: nothing is installed yet
when this file starts.

The dependencies are locked for pip rather than in a uv.lock: pip comes with Python and obeys the index and
proxy a machine is set up for, whereas uv.lock writes the address of one registry beside every file. The locks
hold versions and hashes alone, so a mirror serves as well as the original.
"""

from __future__ import annotations

import sys

if not (3, 11) <= sys.version_info[:2] <= (3, 13):
    sys.exit("Kernelscope runs on Python 3.11, 3.12 and 3.13; this is %d.%d" % sys.version_info[:2])

import ctypes
import hashlib
import importlib.util
import json
import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from glob import iglob
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))  # also where Python was told not to do so itself

from app.signs import MESA, advice, signs

VENV = ROOT / ".venv"
STAMP = VENV / "kernelscope.json"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
LOCK = "requirements.lock"
TEST_LOCK = ".ci/requirements.lock"  # holds the packages of the first lock too

Stamp = dict[str, Any]
CHECKS = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",), ("lint-imports",))
# Two at a time on any machine, for each test starts workers of its own; those of a file share a browser.
TESTS = ("pytest", "-n", "3", "--dist", "loadfile", "--no-loadscope-reorder", "--durations", "10")
DOCS = ("python", "-m", "resources.docs.build", "site")


def has_library(name: str) -> bool:
    """Ask the loader itself: that is what Qt and wgpu will do."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def has_program(name: str) -> bool:
    return shutil.which(name) is not None


def has_browser() -> bool:
    return any(map(has_program, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")))


def has_module(name: str) -> bool:
    importlib.invalidate_caches()  # it may have been installed a moment ago
    return importlib.util.find_spec(name) is not None


def has_file(pattern: str, *folders: str) -> bool:
    return any(any(iglob(f"{os.path.expanduser(folder)}/{pattern}", recursive=True)) for folder in folders)


DATA_FOLDERS = ("/usr/share", "/usr/local/share", "~/.local/share")
VENV_PACKAGE = f"python3.{sys.version_info[1]}-venv"
SYSTEM: dict[str, Callable[[], bool]] = {
    VENV_PACKAGE: partial(has_module, "ensurepip"),
    "libvulkan1": partial(has_library, "libvulkan.so.1"),
    # Only where nothing tells of a GPU: beside one, a software GPU hides that its own driver is missing.
    MESA: lambda: has_file("vulkan/icd.d/*.json", "/etc", *DATA_FOLDERS) or bool(signs()),
    "libegl1": partial(has_library, "libEGL.so.1"),
    "libgl1": partial(has_library, "libGL.so.1"),
    "libglib2.0-0": partial(has_library, "libgthread-2.0.so.0"),
    "libxkbcommon-x11-0": partial(has_library, "libxkbcommon-x11.so.0"),
    "libxcb-cursor0": partial(has_library, "libxcb-cursor.so.0"),
    "libxcb-icccm4": partial(has_library, "libxcb-icccm.so.4"),
    "libxcb-keysyms1": partial(has_library, "libxcb-keysyms.so.1"),
    "libxcb-shape0": partial(has_library, "libxcb-shape.so.0"),
    "libxcb-xkb1": partial(has_library, "libxcb-xkb.so.1"),
    "libdbus-1-3": partial(has_library, "libdbus-1.so.3"),
    "libfontconfig1": partial(has_library, "libfontconfig.so.1"),
    "fonts-dejavu-core": partial(has_file, "fonts/**/*.[to]t[fc]", *DATA_FOLDERS),
    "xvfb": partial(has_program, "Xvfb"),
    "xauth": partial(has_program, "xauth"),
    "xdotool": partial(has_program, "xdotool"),
    "chromium": has_browser,
}
FOR_TESTS = {"xvfb", "xauth", "xdotool"}
FOR_BROWSERS = {"chromium"}  # 300 MB, so only where it is asked for


def say(message: str) -> None:
    """Print one line where it cannot mix with what the app prints (``hardware --json``)."""
    print(message, file=sys.stderr, flush=True)


def apt_command(packages: list[str]) -> list[str]:
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def apt_install(packages: list[str]) -> None:
    """Install system packages; a failure is told in one line, since much of the app runs without them."""
    say(f"Installing {len(packages)} system packages: {' '.join(packages)} ...")
    patience = ["-o", "Acquire::http::Timeout=20", "-o", "Acquire::Retries=1", "-o", "DPkg::Lock::Timeout=60"]
    install, update = [*apt_command(packages), *patience], ["apt-get", "update", *patience]
    for command in (install, update, install):  # the package lists of a fresh container are empty or old
        variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, env=variables, capture_output=True, encoding="utf-8", check=False)
        if command is install and done.returncode == 0:
            return
    say(f"apt-get failed (is there a network?): {(done.stderr.strip().splitlines() or ['no reason'])[-1]}")


def missing_of(packages: Iterable[str]) -> list[str]:
    return [name for name, is_there in SYSTEM.items() if name in packages and not is_there()]


def provide_system(packages: set[str], stamp: Stamp) -> Stamp:
    """Install what is missing of ``packages``, or say how to; returns what the stamp is to remember.

    Later starts look again only for what was missing then, and leave installing it to the user.
    """
    if sys.platform != "linux":
        return {}
    before = set(stamp.get("looked", []))
    first = not packages <= before
    missing = missing_of(packages if first else stamp["missing"])
    if first and (why := advice()):
        say(f"{why[:1].upper()}{why[1:]}.")
    apt, root = has_program("apt-get"), os.geteuid() == 0
    if missing and first and apt and root:
        apt_install(missing)
        missing = missing_of(missing)
    if missing and apt:
        command = [*([] if root else ["sudo"]), *apt_command(missing)]
        say(f"Some of it cannot run until you type: {' '.join(command)}")
    elif missing:
        say(f"Some of it cannot run without these system packages (Debian's names): {' '.join(missing)}")
    return {"looked": sorted(before | packages), "missing": missing}


def origin() -> list[str]:
    """What an environment does not outlive: its place, and the version of Python it was made with."""
    return [str(VENV), "%d.%d" % sys.version_info[:2]]


def read_stamp() -> Stamp:
    """The stamp of the environment; empty if it was never finished or cannot be used any more."""
    try:
        stamp: Stamp = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if stamp.get("origin") == origin() and PYTHON.exists() else {}


def write_stamp(stamp: Stamp) -> None:
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(json.dumps(stamp, indent=1), "utf-8")
    unfinished.replace(STAMP)


def make_environment() -> None:
    """Make ``.venv``, or empty it."""
    if not has_module("ensurepip"):
        sys.exit(f"This Python cannot make virtual environments: install {VENV_PACKAGE} and start again")
    if VENV.is_symlink():  # emptying it would empty what somebody else uses
        sys.exit(f"{VENV} is a link, which nothing is installed into: remove it, and start again")
    say("Making .venv ...")
    if subprocess.call([sys.executable, "-I", "-m", "venv", "--clear", str(VENV)]):
        sys.exit(f"Could not make {VENV}")


def install(lock: str) -> None:
    """Install the packages of ``lock`` as they stand there, each checked against its hash."""
    say(f"Installing the packages of {lock} into .venv ...")
    pip = [str(PYTHON), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    with subprocess.Popen(
        [*pip, "--require-hashes", "-r", str(ROOT / lock)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        said = show_progress(process.stdout or ())
    if process.returncode:
        sys.exit("\n".join([*said[-5:], "The packages could not be installed; the next start tries again."]))


def show_progress(lines: Iterable[str]) -> list[str]:
    """Show in one line of the terminal which package pip is at; returns all that pip said."""
    said = []
    for line in lines:
        said.append(line.rstrip())
        if sys.stderr.isatty() and line.startswith(("Collecting ", "Installing ")):
            print(f"\r  {line.split(' (')[0].strip()[:70]:70}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(f"\r{'':72}\r", end="", file=sys.stderr, flush=True)
    return said


def prepare(testing: bool, browser: bool = False) -> None:
    """Bring system and environment to what this start needs; costs next to nothing when they are there.

    The stamp goes before anything is changed and comes back last: where there is none, an install was
    interrupted and is done again from the start.
    """
    stamp = read_stamp()
    locks = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in (LOCK, TEST_LOCK)}
    needed = locks if testing else {LOCK: locks[LOCK]}
    ready = stamp.get("locks", {}).items() >= needed.items()
    if not ready and not os.access(ROOT, os.W_OK):
        sys.exit(f"Cannot write to {ROOT}: make it writable, or copy it to a folder of yours")
    unneeded = (set() if testing else FOR_TESTS) | (set() if browser else FOR_BROWSERS)
    system = provide_system(SYSTEM.keys() - unneeded, stamp)
    if not ready:
        STAMP.unlink(missing_ok=True)
        if not stamp:
            make_environment()
        install(TEST_LOCK if testing else LOCK)
    new = {"origin": origin(), "locks": stamp["locks"] if ready else needed, **system}
    if new != stamp and os.access(VENV, os.W_OK):
        write_stamp(new)


def start(arguments: list[str]) -> NoReturn:
    """Become the app; on Windows, where a process cannot become another, wait for it."""
    command = [str(PYTHON), "-m", "app", *arguments]
    # This folder's modules are found first, whatever the current folder and the user's PYTHONPATH hold.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONSAFEPATH": "1"}
    if os.name == "posix":
        os.execve(PYTHON, command, environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the app as well, and is the app's to answer
    sys.exit(subprocess.call(command, env=environment))


def run_all(commands: Iterable[tuple[str, ...]]) -> None:
    """Run every command, whatever became of those before it; exits with 1 if any failed."""
    failed = []
    for command in commands:
        print(f"$ {shlex.join(command)}", flush=True)
        if subprocess.call([str(PROGRAMS / command[0]), *command[1:]], cwd=ROOT):
            failed.append(shlex.join(command))
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


def main(arguments: list[str]) -> None:
    """Hand the arguments to the checks, the benchmarks, the site's builder or the app."""
    job, rest = (arguments[0] if arguments else ""), arguments[1:]
    checking = job in ("test", "bench")
    browser = checking and "--browser" in rest
    if browser:
        rest.remove("--browser")
    prepare(testing=checking or job == "docs", browser=browser)
    if job == "test":
        run_all([*CHECKS, (*TESTS, *rest)])
    elif job == "bench":
        run_all([("pytest", "tests/benchmarks", "-s", "-o", "timeout=900", *rest)])
    elif job == "docs":
        run_all([DOCS])
    else:
        start(arguments)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
