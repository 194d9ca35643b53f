"""What ships with the program: the articles' figures, and an example session."""

from functools import cache
from importlib.resources import files

import msgspec

from app.core.articles import Articles
from app.core.session import Session
from app.storage.files import decode, unpacked


@cache
def articles() -> Articles:
    """``resources/articles.json``."""
    return msgspec.json.decode(files("resources").joinpath("articles.json").read_bytes(), type=Articles)


NAME = "software-gpus.kernelscope.json.gz"
TITLE = "example: software GPUs, Wasm and NumPy"


def example() -> Session:
    """What ``python -m resources.examples.take`` measured."""
    raw = files("resources").joinpath("examples", NAME).read_bytes()
    return decode(unpacked(raw, NAME), NAME)
