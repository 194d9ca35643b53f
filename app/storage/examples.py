"""Reads the example session that ships with the program."""

from importlib.resources import files

from app.core.session import Session
from app.storage.files import decode, unpacked

NAME = "software-gpus.kernelscope.json.gz"
TITLE = "example: software GPUs, Wasm and NumPy"


def example() -> Session:
    """What ``python -m resources.examples.take`` measured."""
    raw = files("resources").joinpath("examples", NAME).read_bytes()
    return decode(unpacked(raw, NAME), NAME)
