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
from app.storage.figures import of_ceilings, of_tuning
from app.storage.files import put_aside, write_atomically
from app.storage.folders import data_folder
from app.storage.migrate import migrate
from app.system import read_regular
from app.worker.host import processor

log = logging.getLogger(__name__)

SCHEMA_VERSION = 2
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


class _Version(Struct):
    schema_version: int


_decoder = msgspec.json.Decoder(Record)
_decoder_of_versions = msgspec.json.Decoder(_Version)


class Store:
    """Reads and writes records; a file that is damaged or not ours is set aside and counts as missing."""

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
        if target.machine:
            return None  # what it knows of its targets lies there
        record = self._read(target, _tuning_subject(workload, variant, runtime.value, shape))
        return record.tuning if record else None

    def ceilings(self, target: Target, probes: Iterable[str]) -> Ceilings | None:
        """The ceilings of ``target``, if they were measured with these probes: new ones tell more."""
        if target.machine:
            return None
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
    """The record in ``path``; None when there is none; what is not one of ours is set aside."""
    try:
        data = read_regular(path, LARGEST_FILE)
        version = _decoder_of_versions.decode(data).schema_version
        if version > SCHEMA_VERSION:
            log.info("%s: left for a newer Kernelscope", path)
            return None
        record = _decode(data, version)
        wrong = _problem(record) if len(data) <= LARGEST_FILE else "too large for a record of ours"
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        wrong = str(error)
    if wrong:
        put_aside(path, wrong)
        return None
    return record


def _decode(data: bytes, version: int) -> Record:
    """The record; one of version 1 has shapes as sessions of that version have them.

    Raises:
        ValueError: there is no such version, or the record is not of it.
    """
    if version < SCHEMA_VERSION:
        return msgspec.convert(migrate(msgspec.json.decode(data), version, SCHEMA_VERSION), Record)
    return _decoder.decode(data)


def _problem(record: Record) -> str:
    if record.schema_version != SCHEMA_VERSION:
        return "of a version that there never was"
    problems = [*of_ceilings(record.ceilings)] if record.ceilings else []
    problems += [*of_tuning(record.tuning)] if record.tuning else []
    return "; ".join(problems[:1])
