"""The cases of a kernel package: which sizes their inputs have, and the arrays of those with an answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct

from app.core.errors import KernelscopeError
from app.core.problem import Buffer
from app.core.shape import LARGEST_DIMENSION
from app.problems.arrays import DTYPES
from app.problems.expression import parse
from app.system import read_regular

LARGEST_JSON = 64 << 20
MOST_CASES = 64
TEST, BENCH = "test.json", "bench.json"
CASE_FIELDS = frozenset(("name", "inputs", "outputs", "expected", "attributes", "tolerance"))


def read_json(path: Path) -> Any:
    """What a bounded file of JSON holds.

    Raises:
        KernelscopeError: it cannot be read, or is none.
    """
    try:
        raw = read_regular(path, LARGEST_JSON)
        if len(raw) > LARGEST_JSON:
            raise KernelscopeError(f"{path} has more than {LARGEST_JSON >> 20} MiB")
        return msgspec.json.decode(raw)
    except OSError as error:
        raise KernelscopeError(f"{path}: {error.strerror or error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise KernelscopeError(f"{path} is no JSON ({error})") from error


class Case(Struct, frozen=True):
    """A test: its sizes, its inputs and expected outputs by name, and how far off a result may be."""

    sizes: dict[str, int]
    arrays: dict[str, Any]
    within: float


class Cases:
    """The cases of a package; ``left_out`` grows by what is not understood of them."""

    def __init__(
        self,
        folder: Path,
        buffers: tuple[Sequence[Buffer], Sequence[Buffer]],
        sizes: Sequence[str],
        attributes: Mapping[str, float | int],
        left_out: list[str],
    ) -> None:
        self._folder, self._sizes, self._attributes, self.left_out = folder, sizes, attributes, left_out
        self._inputs, self._outputs = buffers

    def _cases(self, file: str) -> list[dict[str, Any]]:
        if not (self._folder / file).exists():
            self.left_out.append(f"{file} is not there")
            return []
        found = read_json(self._folder / file)
        cases = found.get("cases") if isinstance(found, dict) else found
        if not isinstance(cases, list):
            self.left_out.append(f"{file}: it has no list of cases")
            return []
        if len(cases) > MOST_CASES:
            self.left_out.append(f"{file}: {len(cases) - MOST_CASES} cases beyond {MOST_CASES}")
        return [one for one in cases[:MOST_CASES] if isinstance(one, dict)]

    def _fitting(self, file: str, case: Mapping[str, Any]) -> dict[str, int] | None:
        """The sizes that a case's inputs have; None, and said, where they fit no shape of the manifest."""
        label = f"{file} {case.get('name', 'without a name')}"
        self.left_out += [
            (f"{label}: the field {one!r} is not understood") for one in case.keys() - CASE_FIELDS
        ]
        given = dict(case.get("attributes") or {})
        if other := {n for n, v in given.items() if self._attributes.get(n) != v}:
            self.left_out.append(
                f"{label}: its attribute {min(other)!r} is not the default, which kernels here have"
            )
            return None
        sizes: dict[str, int] = {}
        for buffer in self._inputs:
            shape = _shape_of((case.get("inputs") or {}).get(buffer.name))
            if shape is None or len(shape) != len(buffer.shape):
                self.left_out.append(
                    f"{label}: its {buffer.name} has not the {len(buffer.shape)} dimensions of the manifest"
                )
                return None
            for side, length in zip(buffer.shape, shape, strict=True):
                plain = str(side)
                known = sizes.setdefault(plain, length) if plain in self._sizes else parse(side).at(sizes)
                if known != length or not 1 <= length <= LARGEST_DIMENSION:
                    self.left_out.append(f"{label}: its {buffer.name} is {shape}, where {plain} is {known}")
                    return None
        if missing := set(self._sizes) - sizes.keys():
            self.left_out.append(f"{label}: nothing of it tells the size {min(missing)!r}")
            return None
        return {name: sizes[name] for name in self._sizes}

    def tests(self) -> list[Case]:
        """Those of test.json, one for each shape."""
        found: list[Case] = []
        for case in self._cases(TEST):
            sizes = self._fitting(TEST, case)
            if sizes is None:
                continue
            label = f"{TEST} {case.get('name', 'without a name')}"
            if any(sizes == other.sizes for other in found):
                self.left_out.append(f"{label}: another test has its sizes already")
                continue
            values = {**(case.get("inputs") or {}), **(case.get("outputs") or case.get("expected") or {})}
            try:
                arrays = {
                    one.name: _array(values[one.name], one.dtype) for one in (*self._inputs, *self._outputs)
                }
            except (KeyError, TypeError, ValueError, OverflowError) as error:
                self.left_out.append(f"{label}: its arrays are not understood ({error})")
                continue
            within = case.get("tolerance", 1e-5)
            found.append(Case(sizes, arrays, float(within) if isinstance(within, int | float) else 1e-5))
        return found

    def benches(self) -> list[dict[str, int]]:
        """The sizes of those of bench.json, each once."""
        found = [self._fitting(BENCH, case) for case in self._cases(BENCH)]
        return [one for i, one in enumerate(found) if one and one not in found[:i]]


def _shape_of(given: Any) -> list[int] | None:
    shape = given.get("shape") if isinstance(given, dict) else given
    if isinstance(shape, list) and all(isinstance(one, int) for one in shape):
        return shape
    return None


def _array(given: Any, dtype: str) -> np.ndarray:
    array = np.array(given["data"], DTYPES[dtype])
    return array.reshape(given["shape"])
