"""The safetensors format, read strictly: a bounded header that is JSON, tensors inside the file, no code.

The format: eight bytes with the length of the header, little-endian, then the header, an object with type,
shape and the two offsets of each tensor, then the tensors (https://github.com/huggingface/safetensors).
"""

import math
import struct
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from app.core.errors import KernelscopeError
from app.system import read_regular

LARGEST_HEADER = 1 << 20
LARGEST_FILE = 4 << 30
MOST_TENSORS = 10_000
MOST_DIMENSIONS = 8

TYPES = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "I64": "<i8", "I32": "<i4", "I8": "<i1", "U8": "<u1"}


class _Entry(Struct, forbid_unknown_fields=True):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


_header = msgspec.json.Decoder(dict[str, msgspec.Raw])
_entry = msgspec.json.Decoder(_Entry)


def read(path: Path) -> dict[str, np.ndarray]:
    """The tensors of a file by name; views of its bytes.

    Raises:
        KernelscopeError: it cannot be read, or is none, naming what is wrong.
    """
    try:
        data = read_regular(path, LARGEST_FILE)
    except OSError as error:
        raise KernelscopeError(f"{path} cannot be read: {error.strerror or error}") from error
    return decoded(data, str(path))


def decoded(data: bytes, name: str) -> dict[str, np.ndarray]:
    """As ``read``, of bytes that are there already.

    Raises:
        KernelscopeError: they are no safetensors file.
    """
    if len(data) > LARGEST_FILE:
        raise _wrong(name, f"it has more than {LARGEST_FILE >> 30} GiB")
    if len(data) < 8:
        raise _wrong(name, "it has no header")
    (size,) = struct.unpack("<Q", data[:8])
    if size > min(LARGEST_HEADER, len(data) - 8):
        raise _wrong(name, f"its header claims {size} bytes")
    try:
        entries = _header.decode(data[8 : 8 + size])
        entries.pop("__metadata__", None)
        if len(entries) > MOST_TENSORS:
            raise _wrong(name, f"it has more than {MOST_TENSORS} tensors")
        found = {key[:200]: _entry.decode(one) for key, one in entries.items()}
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _wrong(name, f"its header is not one: {error}") from error
    return {key: _tensor(one, key, data, 8 + size, name) for key, one in found.items()}


def _tensor(entry: _Entry, key: str, data: bytes, base: int, name: str) -> np.ndarray:
    what = f"tensor {key[:80]!r}"
    if entry.dtype not in TYPES:
        raise _wrong(name, f"{what} is of type {entry.dtype[:20]!r}, and {', '.join(TYPES)} are known")
    if len(entry.shape) > MOST_DIMENSIONS or any(not 0 <= side < 1 << 32 for side in entry.shape):
        raise _wrong(name, f"{what} has a shape that nothing has")
    dtype = np.dtype(TYPES[entry.dtype])
    first, past = entry.data_offsets
    if not 0 <= first <= past <= len(data) - base:
        raise _wrong(name, f"{what} lies outside of the file")
    count = math.prod(entry.shape)
    if count * dtype.itemsize != past - first:
        raise _wrong(name, f"{what} has {past - first} bytes, and its shape takes {count * dtype.itemsize}")
    return np.frombuffer(data, dtype, count, base + first).reshape(entry.shape)


def _wrong(name: str, what: str) -> KernelscopeError:
    return KernelscopeError(f"{name} is no safetensors file to read: {what}")
