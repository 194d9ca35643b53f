"""Weights that somebody trained for an encoder: read from a file, by the names that BERT has for them."""

import os
from functools import lru_cache
from pathlib import Path

import numpy as np

from app import safetensors
from app.core.errors import KernelscopeError

FILE = "KERNELSCOPE_WEIGHTS"
"""The environment's name for the file whose weights models run with; empty is seeded ones."""

LABEL = "KERNELSCOPE_WEIGHTS_LABEL"
"""What sessions keep of that file: its name, licence and checksum."""

_LAYER = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "up": "intermediate.dense",
    "down": "output.dense",
}
_NORMS = {"norm 1": "attention.output.LayerNorm", "norm 2": "output.LayerNorm"}


def file() -> Path | None:
    """The file whose weights models run with."""
    return Path(os.environ[FILE]) if os.environ.get(FILE) else None


def label() -> str:
    """What sessions keep of the file."""
    return os.environ.get(LABEL, "")


def weights(shapes: dict[str, tuple[int, ...]]) -> dict[str, np.ndarray] | None:
    """An encoder's weights of these shapes, float32; None where there is no file, or it has another model.

    Raises:
        KernelscopeError: the file is no safetensors file.
    """
    path = file()
    if path is None:
        return None
    if not path.is_file():
        raise KernelscopeError(f"there are no weights {path}")
    tensors = _read(path, path.stat().st_mtime_ns)
    found = {name: _of(tensors, name) for name in shapes}
    if any(one is None or one.shape != shapes[name] for name, one in found.items()):
        return None
    return {name: one for name, one in found.items() if one is not None}


@lru_cache(maxsize=1)
def _read(path: Path, changed: int) -> dict[str, np.ndarray]:
    found = safetensors.read(path)
    return {name.removeprefix("bert."): one for name, one in found.items()}


def check(path: Path) -> None:
    """Refuse a file that is none of an embedding model.

    Raises:
        KernelscopeError: it is not.
    """
    if "embeddings.word_embeddings.weight" not in _read(path, path.stat().st_mtime_ns):
        raise KernelscopeError(f"{path} has no weights of an embedding model such as all-MiniLM-L6-v2")


def _of(tensors: dict[str, np.ndarray], name: str) -> np.ndarray | None:
    """One of an encoder's weights; matrices lie there outputs x inputs."""
    parts = name.split(" ")
    if name == "words":
        found = tensors.get("embeddings.word_embeddings.weight")
    elif name == "places":
        # All tokens are of one type, whose row belongs to every place.
        names = (f"embeddings.{one}_embeddings.weight" for one in ("position", "token_type"))
        places, types = map(tensors.get, names)
        found = None if places is None or types is None else places + types[0]
    elif name.startswith("norm 0"):
        found = tensors.get(f"embeddings.LayerNorm.{_ENDS[parts[-1]]}")
    else:
        layer, own = f"encoder.layer.{parts[1]}", " ".join(parts[2:])
        if own.startswith("norm"):
            found = tensors.get(f"{layer}.{_NORMS[own[:6]]}.{_ENDS[parts[-1]]}")
        else:
            end = "bias" if parts[-1] == "bias" else "weight"
            found = tensors.get(f"{layer}.{_LAYER[parts[2]]}.{end}")
            found = found.T if found is not None and end == "weight" else found
    return None if found is None else np.ascontiguousarray(found, dtype=np.float32)


_ENDS = {"gain": "weight", "shift": "bias"}
