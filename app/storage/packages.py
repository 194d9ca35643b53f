"""Packages of npm for a page's libraries: brought by the user's own npm, or from a folder, and taken away.

Only the files that are needed are kept, and only if each is what was pinned: npm is a way to fetch them, and
is not trusted with what they are. No script of a package runs.
"""

import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app.core.errors import KernelscopeError
from app.engines.browser.packages import LIBRARIES, Package, folder, pinned, place
from app.storage.files import write_atomically
from app.system import read_regular

FETCH_SECONDS = 600.0
LARGEST = 256 << 20
"""Bytes of an archive; the largest has 33 MB."""


def install(library: str, source: Path | None = None) -> Iterator[str]:
    """Bring a library's files, from ``source`` if that is given; yields a line for each package.

    Raises:
        KernelscopeError: npm is missing or fails, or a file is missing or not the one that was pinned; of
            that package nothing is kept then.
    """
    for name in LIBRARIES[library]:
        about = pinned()[name]
        found = _from_folder(name, about, source) if source else _from_npm(name, about)
        _keep(name, found)
        yield f"{name} {about.version}: {len(about.files)} files in {place(name)}"


def remove(library: str) -> int:
    """Take a library's packages away, of whatever version; how many there were.

    Raises:
        KernelscopeError: one cannot be removed.
    """
    gone = 0
    for name in LIBRARIES[library]:
        for path in folder().glob(f"{name.replace('/', '+')}@*"):
            try:
                shutil.rmtree(path)
            except OSError as error:
                raise KernelscopeError(f"{path} cannot be removed: {error.strerror or error}") from error
            gone += 1
    return gone


def _keep(name: str, found: dict[str, bytes]) -> None:
    own = place(name)
    for path, data in found.items():
        target = own / path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KernelscopeError(f"{target.parent} cannot be made: {error.strerror or error}") from error
        write_atomically(target, data)


def _from_npm(name: str, about: Package) -> dict[str, bytes]:
    """The files out of the archive that ``npm pack`` fetches: from whatever registry the user's npm asks."""
    npm = shutil.which("npm")
    if npm is None:
        raise KernelscopeError(
            "npm is not on the path: install Node.js, or give --from FOLDER with the packages"
        )
    with tempfile.TemporaryDirectory(prefix="kernelscope-peers-") as here:
        asked = [npm, "pack", "--silent", "--ignore-scripts", f"{name}@{about.version}"]
        try:
            done = subprocess.run(
                asked, cwd=here, capture_output=True, text=True, timeout=FETCH_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KernelscopeError(f"npm did not fetch {name}: {error}") from error
        archives = list(Path(here).glob("*.tgz"))
        if done.returncode or len(archives) != 1:
            why = (done.stderr or done.stdout).strip().splitlines()
            raise KernelscopeError(
                f"npm did not fetch {name}@{about.version}: {why[-1] if why else 'no word why'}"
            )
        return _unpacked(archives[0], name, about)


def _from_folder(name: str, about: Package, source: Path) -> dict[str, bytes]:
    """The files out of ``source``: an archive as npm names it, or the package unpacked."""
    archive = source / f"{name.replace('@', '').replace('/', '-')}-{about.version}.tgz"
    if archive.is_file():
        return _unpacked(archive, name, about)
    for own in (source / "node_modules" / name, source / name):
        if own.is_dir():
            return {path: _checked(name, path, about, own / path) for path in about.files}
    raise KernelscopeError(f"{source} has neither {archive.name} nor a folder {name}")


def _unpacked(archive: Path, name: str, about: Package) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    if archive.stat().st_size > LARGEST:
        raise KernelscopeError(f"{archive.name} is larger than any package that is needed")
    try:
        with tarfile.open(archive, "r:gz") as members:
            for member in members:
                path = member.name.removeprefix("package/")
                known = about.files.get(path)
                if known is None or not member.isfile() or member.size != known.size:
                    continue
                taken = members.extractfile(member)
                found[path] = taken.read() if taken else b""
    except (OSError, tarfile.TarError, EOFError) as error:
        raise KernelscopeError(f"{archive.name} is no archive of npm: {error}") from error
    for path in about.files:
        _check(name, path, about, found.get(path, b""))
    return found


def _checked(name: str, path: str, about: Package, file: Path) -> bytes:
    try:
        data = read_regular(file, about.files[path].size)
    except (OSError, ValueError) as error:
        raise KernelscopeError(f"{name} has no {path} there: {error}") from error
    _check(name, path, about, data)
    return data


def _check(name: str, path: str, about: Package, data: bytes) -> None:
    if not about.files[path].is_(data):
        raise KernelscopeError(
            f"{path} of {name} is not that of version {about.version}: its hash differs; nothing was kept"
        )
