"""Session files of older versions: one function per version, each from a version to the next.

A field with a default may be added without a new version: older files lack it, older programs ignore it. A
field that is renamed, moved, or means something else needs one: raise ``SCHEMA_VERSION`` and add the function
that rewrites the JSON of the version before. Functions stay for ever; none is ever changed.
"""

from collections.abc import Callable
from typing import Any

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]


def _sizes(raw: Any) -> Any:
    """``raw`` with every shape's rows, columns and depth as its sizes.

    Shapes stand in cases and tunings, wherever these are.
    """
    if isinstance(raw, list):
        return [_sizes(one) for one in raw]
    if not isinstance(raw, dict):
        return raw
    found = {name: _sizes(value) for name, value in raw.items()}
    shape = found.get("shape")
    if isinstance(shape, dict) and "rows" in shape:
        sides = (shape[name] for name in ("rows", "columns", "depth") if shape.get(name) is not None)
        found["shape"] = {"sizes": list(sides)}
    return found


STEPS: dict[int, Step] = {1: lambda raw: {str(name): _sizes(value) for name, value in raw.items()}}
"""Version to the function that turns a session of that version into one of the next."""


def migrate(raw: Raw, version: int, to: int) -> Raw:
    """``raw``, a session of ``version``, as one of version ``to``.

    Raises:
        ValueError: a step is missing, or found the session other than its version has it.
    """
    for step in range(version, to):
        if step not in STEPS:
            raise ValueError(f"nothing leads from schema {step} to {step + 1}")
        try:
            raw = {**STEPS[step](raw), "schema_version": step + 1}
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise ValueError(f"not as schema {step} has it: {type(error).__name__} {error}") from error
    return raw
