"""Safetensors files are read strictly: what is wrong with one is said in one line."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import KernelscopeError
from app.safetensors import decoded, read


def made(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(**changed: object) -> dict[str, object]:
    return {"a": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24], **changed}}


def test_tensors_come_back_as_they_are(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    path = tmp_path / "model.safetensors"
    path.write_bytes(made({"__metadata__": {"format": "pt"}, **entry()}, values.tobytes()))
    found = read(path)
    assert list(found) == ["a"]
    assert np.array_equal(found["a"], values)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"1234", "no header"),
        (struct.pack("<Q", 1 << 60) + b"{}", "header claims"),
        (made(b"{nonsense"), "header is not one"),
        (made([1, 2]), "header is not one"),
        (made(entry(dtype="OBJECT"), bytes(24)), "of type 'OBJECT'"),
        (made(entry(shape=[2, 4]), bytes(24)), "24 bytes, and its shape takes 32"),
        (made(entry(shape=[-2, -3]), bytes(24)), "shape that nothing has"),
        (made(entry(shape=[1] * 99), bytes(24)), "shape that nothing has"),
        (made(entry(), bytes(20)), "outside of the file"),
        (made(entry(data_offsets=[8, 4]), bytes(24)), "outside of the file"),
        (made(entry(code="import os"), bytes(24)), "header is not one"),
    ],
)
def test_what_is_none_is_refused_with_what_is_wrong(data: bytes, said: str) -> None:
    with pytest.raises(KernelscopeError, match=said):
        decoded(data, "x.safetensors")
