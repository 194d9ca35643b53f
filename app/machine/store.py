"""The store: one file for each thing known, so that two programs that write at once lose nothing."""

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from app.core.ceilings import Ceilings
from app.core.errors import KernelscopeError
from app.core.shape import Shape
from app.core.target import Runtime, Target
from app.core.tuning import Tuning, size_class
from app.storage.files import write_atomically
from app.storage.folders import data_folder
from app.worker.host import processor

log = logging.getLogger(__name__)

SCHEMA_VERSION = 1
LARGEST_FILE = 1 << 20
Versions = Mapping[str, Mapping[str, str]]
"""Engine to library to version, as ``Supervisor.versions`` has it."""


class Machine(Struct, frozen=True):
    """What a figure holds for: another driver or engine version may behave differently."""

    name: str
    backend: str
    driver: str
    engine: str
    processor: str


class Record(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: what is known, of what, and where."""

    schema_version: int = SCHEMA_VERSION
    machine: Machine
    subject: str
    tuning: Tuning | None = None
    ceilings: Ceilings | None = None


_decoder = msgspec.json.Decoder(Record)


class Store:
    """Reads and writes records; a file that is damaged or not ours counts as missing and is written anew."""

    def __init__(self, versions: Versions, folder: Path | None = None) -> None:
        self._versions = versions
        self.folder = folder or data_folder() / "profile"

    def machine(self, target: Target) -> Machine:
        """The identity under which figures of ``target`` are kept."""
        own = self._versions.get(target.engine, {})
        engine = ", ".join(f"{library} {version}" for library, version in sorted(own.items()))
        where = processor() if target.is_cpu else ""
        return Machine(target.name, target.backend, target.driver, engine, where)

    def tuning(
        self, target: Target, workload: str, variant: str, runtime: Runtime, shape: Shape
    ) -> Tuning | None:
        """The tuning of a variant for the size class of ``shape``."""
        record = self._read(target, _tuning_subject(workload, variant, runtime.value, shape))
        return record.tuning if record else None

    def ceilings(self, target: Target, probes: Iterable[str]) -> Ceilings | None:
        """The ceilings of ``target``, if they were measured with these probes: new ones tell more."""
        record = self._read(target, _ceilings_subject(probes))
        return record.ceilings if record else None

    def keep_tuning(self, target: Target, tuning: Tuning) -> None:
        """Keep ``tuning`` in the place of what was known before.

        Raises:
            KernelscopeError: the folder cannot be written.
        """
        subject = _tuning_subject(tuning.workload, tuning.variant, tuning.runtime, tuning.shape)
        self._write(Record(machine=self.machine(target), subject=subject, tuning=tuning))

    def keep_ceilings(self, target: Target, probes: Iterable[str], ceilings: Ceilings) -> None:
        """Keep ``ceilings`` in the place of what was known before.

        Raises:
            KernelscopeError: the folder cannot be written.
        """
        subject = _ceilings_subject(probes)
        self._write(Record(machine=self.machine(target), subject=subject, ceilings=ceilings))

    def tunings(self, target: Target) -> list[Tuning]:
        """Every tuning known for ``target``."""
        return [record.tuning for _, record in self._own(target) if record.tuning]

    def forget_tuning(self, target: Target, tuning: Tuning) -> None:
        """Remove a tuning; none is fine too."""
        subject = _tuning_subject(tuning.workload, tuning.variant, tuning.runtime, tuning.shape)
        with suppress(OSError):
            self._path(self.machine(target), subject).unlink()

    def _own(self, target: Target) -> Iterator[tuple[Path, Record]]:
        machine = self.machine(target)
        for path in sorted(self.folder.glob("*.json")):
            record = _load(path)
            if record and record.machine == machine:
                yield path, record

    def _path(self, machine: Machine, subject: str) -> Path:
        digest = hashlib.sha256(msgspec.json.encode((machine, subject))).hexdigest()[:16]
        words = re.sub(r"[^a-z0-9]+", "-", f"{subject} {machine.name}".lower()).strip("-")
        return self.folder / f"{words[:80]}-{digest}.json"

    def _read(self, target: Target, subject: str) -> Record | None:
        machine = self.machine(target)
        record = _load(self._path(machine, subject))
        if record and (record.machine, record.subject) == (machine, subject):
            return record
        return None

    def _write(self, record: Record) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise KernelscopeError(f"{self.folder}: cannot be written ({error.strerror or error})") from error
        text = msgspec.json.format(msgspec.json.encode(record), indent=1)
        write_atomically(self._path(record.machine, record.subject), text)


def _ceilings_subject(probes: Iterable[str]) -> str:
    return f"ceilings by {' '.join(sorted(set(probes)))}"


def _tuning_subject(workload: str, variant: str, runtime: str, shape: Shape) -> str:
    return f"tuning {workload} {runtime}/{variant} {size_class(shape)}"


def _load(path: Path) -> Record | None:
    """The record in ``path``; None when there is none, with a line in the log when it is not one of ours."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            log.warning("%s: too large for a record of ours; ignored", path)
            return None
        record = _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        log.warning("%s: ignored (%s)", path, error)
        return None
    if record.schema_version != SCHEMA_VERSION:
        log.warning("%s: written by another version of Kernelscope; ignored", path)
        return None
    return record
