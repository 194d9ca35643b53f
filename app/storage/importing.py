"""Kernel packages of others as problems: ``manifest.json``, ``test.json``, ``bench.json``, ``*.wgsl.jinja``.

Tests become stored answers, which every kernel has to give; bench cases become sizes. What is not understood
is left out and named: an import never guesses what a kernel is given.
"""

import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from app.core.directives import bare
from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelscopeError
from app.core.problem import Buffer, Formula, Kernel, Parameter, Problem, Reference, Step, Stored, Tolerance
from app.problems.arrays import DTYPES
from app.problems.expression import parse
from app.problems.reflect import fields_of, renumbered, variables_of
from app.problems.templates import render
from app.problems.toml import written
from app.storage.known_operations import reference_of
from app.storage.package_cases import BENCH, TEST, Cases, read_json
from app.system import read_regular

TYPES = {"float32": "f32", "float16": "f16", "int32": "i32", "uint32": "u32", "int8": "i8", "uint8": "u8"}
TYPES |= {one: one for one in DTYPES} | {"float": "f32"}
MANIFEST = "manifest.json"
MANIFEST_FIELDS = frozenset(
    ("name", "id", "version", "summary", "description", "inputs", "outputs", "attributes", "variants")
)
VARIANT_FIELDS = frozenset(
    ("name", "template", "entry", "entryPoint", "workgroups", "dispatch", "parameters", "requires", "summary")
)


class Imported(Struct, frozen=True):
    """The files of a problem's folder, and what of the package was left out, a line each."""

    files: dict[str, str | bytes]
    left_out: list[str]


def import_package(folder: Path, name: str) -> Imported:
    """The package in ``folder`` as a problem called ``name``.

    Raises:
        KernelscopeError: it is none, or nothing of it is understood.
    """
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict):
        raise KernelscopeError(f"{folder / MANIFEST} is no object")
    return _Import(folder, manifest, name).whole()


class _Import:
    """One package; ``left_out`` grows as it is read."""

    def __init__(self, folder: Path, manifest: dict[str, Any], name: str) -> None:
        self._folder, self._manifest, self._name = folder, manifest, name
        self.left_out: list[str] = []
        self._operation = str(manifest.get("name") or manifest.get("id") or folder.name)
        self._unknown(MANIFEST, manifest, MANIFEST_FIELDS)
        self._inputs = self._buffers("inputs", "input")
        self._outputs = self._buffers("outputs", "output")
        shapes = [side for one in (*self._inputs, *self._outputs) for side in one.shape]
        self._sizes = list(dict.fromkeys(name for side in shapes for name in sorted(parse(side).names)))
        if not self._sizes:
            raise KernelscopeError(f'{folder / MANIFEST}: no shape of it names a size, such as ["M", "K"]')
        self._attributes = self._defaults()

    def _unknown(self, where: str, given: Mapping[str, Any], known: frozenset[str]) -> None:
        for field in given.keys() - known:
            self.left_out.append(f"{where}: the field {field!r} is not understood")

    def _buffers(self, field: str, role: str) -> tuple[Buffer, ...]:
        found = []
        for one in self._manifest.get(field) or ():
            try:
                dtype = TYPES[str(one.get("dtype") or one.get("type"))]
                shape = tuple(_formula(side) for side in one["shape"])
                for side in shape:
                    parse(side)
                if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,39}", str(one["name"])):
                    raise KernelscopeError(f"{self._folder / MANIFEST}: {str(one['name'])[:40]!r} is no name")
                found.append(Buffer(name=str(one["name"]), role=role, dtype=dtype, shape=shape))  # type: ignore[arg-type]
            except (KeyError, TypeError, AttributeError) as error:
                raise KernelscopeError(
                    f"{self._folder / MANIFEST}: {field} need a name, a dtype of {', '.join(TYPES)}, "
                    "and a shape "
                    f"of numbers and names ({error})"
                ) from error
        if not found:
            raise KernelscopeError(f"{self._folder / MANIFEST} names no {field}")
        return tuple(found)

    def _defaults(self) -> dict[str, float | int]:
        given = self._manifest.get("attributes") or {}
        pairs = given.items() if isinstance(given, dict) else [(one.get("name"), one) for one in given]
        found: dict[str, float | int] = {}
        for name, one in pairs:
            value = one.get("default") if isinstance(one, dict) else one
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[str(name)] = value
            else:
                self.left_out.append(f"{MANIFEST}: the attribute {name!r} has no default that is a number")
        return found

    def whole(self) -> Imported:
        """Everything that is understood."""
        cases = Cases(
            self._folder, (self._inputs, self._outputs), self._sizes, self._attributes, self.left_out
        )
        tests, benches = cases.tests(), cases.benches()
        shapes = [one.sizes for one in tests]
        kernels, texts = self._kernels([*shapes, *benches] or [dict.fromkeys(self._sizes, 64)])
        if not kernels:
            raise KernelscopeError(
                f"{self._folder}: no variant of it is understood: {'; '.join(self.left_out[:3])}"
            )
        files: dict[str, str | bytes] = dict(texts)
        stored = []
        for i, test in enumerate(tests):
            data = io.BytesIO()
            named: dict[str, Any] = dict(test.arrays)
            np.savez(data, **named)
            files[f"test{i}.npz"] = data.getvalue()
            stored.append(Stored(file=f"test{i}.npz", sizes=test.sizes))
        known = reference_of(self._operation, [one.name for one in self._inputs], self._outputs[0].name)
        if known:
            files["reference.py"] = known
        elif benches:
            self.left_out.append(
                f"{BENCH}: {len(benches)} cases have no expected answer, and {self._operation} is "
                "none that is known "
                "here: write reference.py, name it in problem.toml, and put their sizes into [sizes]"
            )
        if not known and not stored:
            raise KernelscopeError(f"{self._folder}: neither {TEST} nor a known operation says what is right")
        measured = benches if known and benches else shapes or benches
        problem = Problem(
            name=self._name,
            title=str(self._manifest.get("summary") or self._manifest.get("description") or self._operation)[
                :200
            ],
            sizes={name: tuple(one[name] for one in measured) for name in self._sizes},
            buffers=(*self._inputs, *self._outputs),
            scalars=self._scalars(kernels),
            reference=Reference(python="reference.py" if known else "", stored=tuple(stored)),
            tolerance=Tolerance(relative=max((test.within for test in tests), default=1e-5)),
            kernels=tuple(kernels),
        )
        remarks = {
            "reference": f"the tests of {self._operation}",
            "sizes": "the cases of its bench.json or tests",
        }
        return Imported({"problem.toml": written(problem, remarks), **files}, self.left_out)

    def _kernels(self, cases: Sequence[dict[str, int]]) -> tuple[list[Kernel], dict[str, str]]:
        kernels: list[Kernel] = []
        texts: dict[str, str] = {}
        for one in self._manifest.get("variants") or ():
            try:
                kernel, text = self._kernel(one, cases[0])
            except (
                KernelscopeError,
                OSError,
                UnicodeDecodeError,
                KeyError,
                TypeError,
                AttributeError,
            ) as error:
                label = one.get("name") if isinstance(one, dict) else one
                self.left_out.append(f"the variant {label!r}: {str(error) or type(error).__name__}")
                continue
            kernels.append(kernel)
            texts[kernel.file] = text
        return kernels, texts

    def _kernel(self, one: dict[str, Any], sizes: dict[str, int]) -> tuple[Kernel, str]:
        name = re.sub(r"[^\w.+-]", "-", str(one["name"]))
        self._unknown(f"the variant {name!r}", one, VARIANT_FIELDS)
        file = Path(str(one["template"])).name
        raw = read_regular(self._folder / file, LONGEST_TEXT)
        text = raw.decode("utf-8-sig")
        parameters = {str(n): _parameter(p) for n, p in (one.get("parameters") or {}).items()}
        given = {n: p.default for n, p in parameters.items()} | sizes
        text = _with_attributes(text, self._attributes)
        shown = render(text, file, given) if file.endswith(".jinja") else text
        text = renumbered(text, shown)
        variables = variables_of(renumbered(shown, shown))
        names = [v.name for v in variables if v.space != "uniform"]
        expected = [b.name for b in (*self._inputs, *self._outputs)]
        if sorted(names) != sorted(expected):
            raise KernelscopeError(
                f"it binds {', '.join(names) or 'nothing'}, and the manifest has {', '.join(expected)}"
            )
        fields = [field for field, _ in fields_of(shown)]
        if odd := [field for field in fields if field not in {*self._sizes, *self._attributes}]:
            raise KernelscopeError(f"its uniform field {odd[0]!r} is neither a size nor an attribute")
        grid = one.get("workgroups") or one.get("dispatch") or ()
        sides = tuple(_formula(side) for side in (grid.values() if isinstance(grid, dict) else grid))
        for side in sides:
            if odd_names := parse(side).names - {*self._sizes, *parameters}:
                raise KernelscopeError(f"its workgroups {side!r} need {min(odd_names)!r}, which is not known")
        if not sides:
            raise KernelscopeError("it does not say how many workgroups run")
        entry = str(one.get("entry") or one.get("entryPoint") or "main")
        reads = tuple(n for n in names if n in {b.name for b in self._inputs})
        writes = tuple(n for n in names if n not in reads)
        step = Step(entry=entry, reads=reads, writes=writes, scalars=tuple(fields), grid=sides)
        kernel = Kernel(
            file=file,
            name=name,
            summary=str(one.get("summary", ""))[:200],
            steps=(step,),
            parameters=parameters,
            requires=tuple(map(str, one.get("requires") or ())),
        )
        return kernel, text

    def _scalars(self, kernels: Sequence[Kernel]) -> dict[str, Formula]:
        used = dict.fromkeys(n for kernel in kernels for step in kernel.steps for n in step.scalars or ())
        return {name: name if name in self._sizes else self._attributes[name] for name in used}


def _formula(side: Any) -> Formula:
    """An expression as packages write it: ``ceil(N / 64)`` and ``Math.ceil`` are a division rounded up."""
    if isinstance(side, int):
        return side
    text = re.sub(r"\bMath\.", "", str(side))
    while found := re.search(
        r"\bceil\(([^()/]*(?:\([^()]*\)[^()/]*)*)/([^()]*(?:\([^()]*\)[^()]*)*)\)", text
    ):
        text = f"{text[: found.start()]}ceildiv({found[1].strip()}, {found[2].strip()}){text[found.end() :]}"
    return re.sub(r"\b(?:floor|trunc)\(([^()/]*)/([^()]*)\)", r"((\1) // (\2))", text)


def _parameter(given: Any) -> Parameter:
    if isinstance(given, int):
        return Parameter(default=given)
    choices = tuple(one for one in given.get("choices") or given.get("values") or () if isinstance(one, int))
    return Parameter(default=int(given["default"]), choices=choices)


def _with_attributes(text: str, attributes: Mapping[str, float | int]) -> str:
    """A template that has the attributes' defaults at its head, where it names any."""
    used = [name for name in attributes if re.search(rf"\{{[{{%][^}}]*\b{re.escape(name)}\b", bare(text))]
    return "".join(f"{{% set {name} = {attributes[name]!r} -%}}\n" for name in used) + text
