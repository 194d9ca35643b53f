"""Reads the articles' figures that ship with the program."""

from functools import cache
from importlib.resources import files

import msgspec

from app.core.articles import Articles


@cache
def articles() -> Articles:
    """``resources/articles.json``."""
    return msgspec.json.decode(files("resources").joinpath("articles.json").read_bytes(), type=Articles)
