"""Faults for the tests to notice: drawn by seed from the program's sources, one to a copy of it."""

import ast
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOMS = ("core", "figures", "findings", "measure", "storage", "catalog", "engines")


@dataclass(frozen=True)
class Mutant:
    """One change: in ``file``, what stands from ``start`` to ``end`` becomes ``new``."""

    file: str
    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """``text`` with the fault."""
        return text[: self.start] + self.new + text[self.end :]

    def words(self, text: str) -> str:
        """The place, and the line as it was and is."""
        line = text.count("\n", 0, self.start)
        before, after = text.splitlines()[line].strip(), self.apply(text).splitlines()[line].strip()
        return f"{self.file}:{line + 1}: {before}  ->  {after or '(nothing)'}"


def drawn(root: Path, count: int, seed: int) -> list[Mutant]:
    """As many as asked for, no two on one line, each file as likely as its number of places."""
    files = [path for room in ROOMS for path in sorted((root / "app" / room).rglob("*.py"))]
    found = [
        mutant for path in files for mutant in _python(path.read_text("utf-8"), str(path.relative_to(root)))
    ]
    for path in sorted((root / "resources" / "web").glob("*.js")):
        found += _javascript(path.read_text("utf-8"), str(path.relative_to(root)))
    random.Random(seed).shuffle(found)
    lines: dict[tuple[str, int], Mutant] = {}
    for mutant in found:
        text = (root / mutant.file).read_text("utf-8")
        lines.setdefault((mutant.file, text.count("\n", 0, mutant.start)), mutant)
        if len(lines) == count:
            break
    return list(lines.values())


COMPARED = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
COMPUTED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*"}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}


def _python(text: str, file: str) -> Iterator[Mutant]:
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(text.splitlines()[line - 1].encode()[:column].decode())

    def span(node: ast.AST) -> tuple[int, int]:
        return place(node.lineno, node.col_offset), place(node.end_lineno, node.end_col_offset)

    def between(left: ast.AST, right: ast.AST, new: str) -> Iterator[Mutant]:
        """What stands between two operands, but for brackets."""
        start, end = span(left)[1], span(right)[0]
        sign = re.search(r"(is not|not in|[^\s()]+)", text[start:end])
        if sign:
            yield Mutant(file, start + sign.start(), start + sign.end(), new)

    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARED:
                yield from between(left, right, COMPARED[type(op)])
            case ast.BinOp(left=left, op=op, right=right) if type(op) in COMPUTED:
                if not any(
                    isinstance(side, ast.Constant) and isinstance(side.value, str) for side in (left, right)
                ):
                    yield from between(left, right, COMPUTED[type(op)])
            case ast.BoolOp(op=op, values=[left, right, *_]):
                yield from between(left, right, "or" if isinstance(op, ast.And) else "and")
            case ast.Constant(value=bool(value)):
                yield Mutant(file, *span(node), str(not value))
            case ast.Constant(value=int() | float() as value):
                yield Mutant(file, *span(node), repr(value + 1))
            case ast.Name(id=name) if name in NAMES:
                yield Mutant(file, *span(node), NAMES[name])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield Mutant(file, span(node)[0], span(operand)[0], "")
            case ast.If(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare):
                start, end = span(test)
                yield Mutant(file, start, end, f"not ({text[start:end]})")
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield Mutant(file, *span(value), "None")
            case ast.Expr(value=ast.Call()):
                yield Mutant(file, *span(node), "pass")
            case ast.Call(args=[first, second, *_]) if not isinstance(first, ast.Starred | ast.GeneratorExp):
                (a, b), (c, d) = span(first), span(second)
                if not isinstance(second, ast.Starred) and text[a:b] != text[c:d]:
                    yield Mutant(file, a, d, text[c:d] + text[b:c] + text[a:b])
            case ast.ExceptHandler(type=ast.expr() as kind):
                yield Mutant(file, *span(kind), "ZeroDivisionError")
            case ast.Break() | ast.Continue():
                yield Mutant(file, *span(node), "pass")


SIGNS = {
    "===": "!==",
    "!==": "===",
    "&&": "||",
    "||": "&&",
    "<=": "<",
    ">=": ">",
    "<": "<=",
    ">": ">=",
    " + ": " - ",
    " - ": " + ",
    " * ": " / ",
    " / ": " * ",
    "Math.min": "Math.max",
    "Math.max": "Math.min",
    "true": "false",
    "false": "true",
    "??": "&&",
    "++": "--",
}
_SKIPPED = r"/\*.*?\*/|//[^\n]*|`(?:\\.|[^`\\])*`|\"(?:\\.|[^\"\\\n])*\"|^import [^\n]*|=>"
_SEEN = re.compile(
    rf"(?P<skip>{_SKIPPED})|(?P<sign>{'|'.join(map(re.escape, sorted(SIGNS, key=len, reverse=True)))})"
    r"|(?P<number>(?<![\w.$#])\d+\b(?![.\w]))|(?P<test>(?<=if \()[^()]+(?=\)))"
    r"|(?P<call>(?<=^  )[\w.#]+\([^\n]*\);$)",
    re.DOTALL | re.MULTILINE,
)


def _javascript(text: str, file: str) -> Iterator[Mutant]:
    for found in _SEEN.finditer(text):
        if sign := found["sign"]:
            yield Mutant(file, *found.span(), SIGNS[sign])
        elif number := found["number"]:
            yield Mutant(file, *found.span(), str(int(number) + 1))
        elif test := found["test"]:
            yield Mutant(file, *found.span(), f"!({test})")
        elif found["call"]:
            yield Mutant(file, *found.span(), ";")


def seen_by(root: Path, file: str) -> list[list[str]]:
    """The tests that see a source, nearest first: by name, by import and by room.

    Those of the window are left out, and those that take minutes unless they are there by name.
    """
    every = {
        path: path.read_text("utf-8")
        for path in sorted((root / "tests").rglob("test_*.py"))
        if not {"gui", "benchmarks"} & set(path.relative_to(root).parts)
    }
    if file.endswith(".js"):
        return [[str(path.relative_to(root)) for path in every if path.parent.name == "web"]]
    parts = Path(file).with_suffix("").parts
    module = ".".join(parts).removesuffix(".__init__")
    package, _, name = module.rpartition(".")
    imports = re.compile(
        rf"^from {re.escape(module)}(\.\w+)* import|^from {re.escape(package)} import .*\b{name}\b",
        re.MULTILINE,
    )
    by_name = [path for path in every if path.stem in (f"test_{name}", f"test_{name}s", f"test_{parts[-2]}")]
    quick = {path: text for path, text in every.items() if path.stem not in SLOW}
    by_import = [path for path, text in quick.items() if imports.search(text)]
    by_room = [path for path in quick if path.parent.name == parts[1]]
    levels, seen = [], set()
    for level in (by_name, by_import, by_room):
        own = [str(path.relative_to(root)) for path in level if path not in seen]
        seen.update(level)
        if own:
            levels.append(own)
    return levels


SLOW = frozenset(
    {"test_browser", "test_correct", "test_mutations", "test_publish", "test_cli", "test_faults", "test_fuzz"}
)
