"""Who may join a fleet: whoever may connect runs code on every machine of it, as who started it there.

So every connection is encrypted, and both of its ends show a certificate of the fleet's own authority. Only
what never leaves this machine may go without. (RFC 8446, with certificates of both ends.)
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec import Struct

from app.core.errors import KernelscopeError, UsageError
from app.storage.files import write_atomically

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from distributed.security import Security

PORT = 8786
AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca.key"
CERTIFICATE, KEY = "cert.pem", "key.pem"
MEMBERS = ("scheduler", "worker", "client")
VALID = timedelta(days=2 * 365)
MISSING = "a fleet needs dask: pip install 'kernelscope[fleet]'"
REASON = "whoever may connect runs code on every machine of the fleet"


class Door(Struct, frozen=True):
    """Where a scheduler is reached, and the folder with the keys that let in; None on loopback alone."""

    host: str
    port: int
    keys: Path | None = None

    @property
    def protocol(self) -> str:
        """What dask calls it."""
        return "tls" if self.keys else "tcp"

    @property
    def local(self) -> bool:
        """Whether nothing of it leaves this machine."""
        return is_loopback(self.host)

    @property
    def address(self) -> str:
        """``tls://host:8786``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.protocol}://{host}:{self.port}"

    def security(self) -> "Security":
        """What dask needs to know of the keys."""
        from distributed.security import Security

        if self.keys is None:
            return Security(require_encryption=False)
        own = {
            f"tls_{role}_{part}": str(self.keys / name)
            for role in MEMBERS
            for part, name in (("cert", CERTIFICATE), ("key", KEY))
        }
        return Security(tls_ca_file=str(self.keys / AUTHORITY), require_encryption=True, **own)


def is_loopback(host: str) -> bool:
    """Whether ``host`` is this machine, by name or address."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def door(address: str, keys: Path | None) -> Door:
    """The door of the scheduler at ``address``: ``host``, ``host:port`` or ``tls://host:port``.

    Raises:
        UsageError: that is no address, or one that needs keys and has none.
        KernelscopeError: the folder has no keys, or keys that others may read.
    """
    scheme, _, rest = address.rpartition("://")
    parts = urlsplit(f"//{rest}")
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, 0
    if not host or scheme not in ("", "tcp", "tls") or parts.path or parts.username:
        raise UsageError(f"{address!r} is no address of a scheduler: give HOST:PORT, such as lab-7:{PORT}")
    if keys is None and (scheme == "tls" or not is_loopback(host)):
        raise UsageError(
            f"{address} takes --keys FOLDER, which kernelscope fleet keys makes: {REASON}, "
            "so only what stays on this machine (127.0.0.1) may go without"
        )
    if keys:
        _check_keys(keys)
    return Door(host, port, keys.resolve() if keys else None)


def _check_keys(keys: Path) -> None:
    for name in (AUTHORITY, CERTIFICATE, KEY):
        if not (keys / name).is_file():
            raise KernelscopeError(
                f"{keys} has no {name}: give a folder that kernelscope fleet keys made, such as DIR/client"
            )
    mode = (keys / KEY).stat().st_mode
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KernelscopeError(f"{keys / KEY} may be read by others: chmod 600 {keys / KEY}")


def make_keys(folder: Path, names: Sequence[str]) -> list[Path]:
    """A folder of keys for each of ``names``, signed by the authority in ``folder``, made where missing.

    Raises:
        UsageError: a name is none for a folder.
        KernelscopeError: one is there already, or cannot be written; or the extra is missing.
    """
    try:
        import cryptography  # noqa: F401
    except ImportError as error:
        raise KernelscopeError(MISSING) from error
    members = [folder / name for name in dict.fromkeys(names)]
    for name, member in zip(dict.fromkeys(names), members, strict=True):
        if not name or Path(name).name != name or name.startswith("."):
            raise UsageError(f"{name!r} is no name for a folder of keys")
        if member.exists():
            raise KernelscopeError(f"{member} is there already: delete it, or give another name")
    authority = _authority(folder)
    for member in members:
        _make_folder(member)
        key = _fresh_key()
        certificate = _certificate(member.name, key, authority)
        _write(member / KEY, _private(key), 0o600)
        _write(member / CERTIFICATE, _public(certificate), 0o644)
        _write(member / AUTHORITY, (folder / AUTHORITY).read_bytes(), 0o644)
    return members


Authority = tuple["x509.Certificate", "EllipticCurvePrivateKey"]


def _authority(folder: Path) -> Authority:
    """The fleet's own authority, from ``folder`` or new there."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    paths = (folder / AUTHORITY, folder / AUTHORITY_KEY)
    if not any(path.exists() for path in paths):
        _make_folder(folder)
        key = _fresh_key()
        certificate = _certificate("Kernelscope fleet", key, None)
        _write(paths[1], _private(key), 0o600)
        _write(paths[0], _public(certificate), 0o644)
        return certificate, key
    try:
        found = load_pem_private_key(paths[1].read_bytes(), None)
        if not isinstance(found, EllipticCurvePrivateKey):
            raise ValueError("another kind of key")
        return x509.load_pem_x509_certificate(paths[0].read_bytes()), found
    except (OSError, ValueError, TypeError) as error:
        raise KernelscopeError(
            f"{folder}: its {AUTHORITY} and {AUTHORITY_KEY} cannot be used ({error})"
        ) from error


def _fresh_key() -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    name: str, key: "EllipticCurvePrivateKey", authority: Authority | None
) -> "x509.Certificate":
    """A certificate for ``key``; without an ``authority`` its own, which signs others."""
    from cryptography import x509
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.x509.oid import NameOID

    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    issuer, signing = (authority[0].subject, authority[1]) if authority else (subject, key)
    start = datetime.now(UTC) - timedelta(hours=1)  # clocks differ
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + VALID)
        .add_extension(x509.BasicConstraints(ca=authority is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    return builder.sign(signing, SHA256())


def _private(key: "EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization as form

    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())


def _public(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.PEM)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise KernelscopeError(f"{folder}: cannot be written ({error.strerror or error})") from error


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file that nobody else could read at any moment, where ``mode`` says so."""
    before = os.umask(0o777 & ~mode)
    try:
        write_atomically(path, data)
    finally:
        os.umask(before)
    with suppress(OSError):
        path.chmod(mode)
