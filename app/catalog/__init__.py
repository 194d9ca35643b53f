"""The catalogue: every variant, its text and program, named plans, and choices made into plans.

``variants``, ``find``, ``lay_out``, ``build`` and ``source`` are its face. They are loaded when somebody asks
for one: who wants the named plans alone, such as ``--help``, need not wait for NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.catalog.index import find, lay_out, variants
    from app.catalog.programs import build, source

__all__ = ["build", "find", "lay_out", "source", "variants"]

_PLACES = {
    "variants": "index",
    "find": "index",
    "lay_out": "index",
    "build": "programs",
    "source": "programs",
}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
