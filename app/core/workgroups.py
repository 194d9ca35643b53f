"""What a WGSL text asks of a workgroup: its memory and its invocations, read from the text.

No binding checks the memory for us, and browsers only name the pipeline. What cannot be told from the text is
left to the compiler: then nothing is said.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping

from msgspec import Struct

_COMMENT = re.compile(r"//[^\n]*|/\*(?:[^*/]|\*(?!/)|/(?!\*))*\*/")
_CONST = re.compile(r"\b(?:const|override)\s+(\w+)\s*(?::[^=;]*)?=([^;]*);")
_ALIAS = re.compile(r"\balias\s+(\w+)\s*=([^;]*);")
_STRUCT = re.compile(r"\bstruct\s+(\w+)\s*\{([^}]*)\}")
_VAR = re.compile(r"\bvar\s*<\s*workgroup\s*>\s*(\w+)\s*:([^;]*);")
_FN = re.compile(r"\bfn\s+(\w+)\s*\(")
_SIZE = re.compile(r"@\s*workgroup_size\s*\(")

SCALARS = {"f32": 4, "i32": 4, "u32": 4, "bool": 4, "f16": 2}
SUFFIXES = {"f": "f32", "i": "i32", "u": "u32", "h": "f16"}

ROUNDED = 16
"""Bytes: WebGPU counts each variable as a multiple of this."""


class Asked(Struct, frozen=True):
    """What one entry point asks for: ``bytes`` of workgroup memory, and its size along x, y and z.

    Either is None where the text does not tell.
    """

    bytes: int | None
    size: tuple[int, int, int] | None


class _Unknown(Exception):
    """The text does not tell."""


def asked(source: str, entry: str) -> Asked:
    """What the function ``entry`` of ``source`` asks of a workgroup, with what it calls."""
    text = source
    while (shorter := _COMMENT.sub(" ", text)) != text:
        text = shorter
    return _Text(text).asked(entry)


class _Text:
    def __init__(self, text: str) -> None:
        self._text = text
        self._consts = dict(_CONST.findall(text))
        self._aliases = dict(_ALIAS.findall(text))
        self._structs = dict(_STRUCT.findall(text))
        self._variables = dict(_VAR.findall(text))
        self._functions = {m[1]: _braced(text, m.end()) for m in _FN.finditer(text)}

    def asked(self, entry: str) -> Asked:
        try:
            used = self._used(entry)
            sizes = (self._sized(type)[0] for name, type in self._variables.items() if name in used)
            bytes = sum(-(-size // ROUNDED) * ROUNDED for size in sizes)
        except (_Unknown, RecursionError):
            bytes = None
        try:
            return Asked(bytes, self._workgroup_size(entry))
        except (_Unknown, RecursionError):
            return Asked(bytes, None)

    def _used(self, entry: str) -> set[str]:
        """Every word in ``entry`` and in what it calls."""
        if entry not in self._functions:
            raise _Unknown
        words: set[str] = set()
        todo = [entry]
        while todo:
            found = set(re.findall(r"\w+", self._functions[todo.pop()])) - words
            words |= found
            todo += [name for name in found if name in self._functions]
        return words

    def _workgroup_size(self, entry: str) -> tuple[int, int, int]:
        at = re.search(rf"\bfn\s+{re.escape(entry)}\s*\(", self._text)
        before = self._text[: at.start()] if at else ""
        attributes = before[max(before.rfind("}"), before.rfind(";")) + 1 :]
        place = _SIZE.search(attributes)
        if place is None:
            raise _Unknown
        inside = _until(attributes[place.end() :], ")")
        x, y, z = ([self._value(part) for part in _parts(inside) if part.strip()] + [1, 1, 1])[:3]
        return x, y, z

    def _value(self, text: str, seen: frozenset[str] = frozenset()) -> int:
        """A constant expression of whole numbers."""
        plain = re.sub(r"\b(0[xX][0-9a-fA-F]+|\d+)[iu]\b", r"\1", text.strip())
        try:
            return self._of(ast.parse(plain.replace("/", "//"), mode="eval").body, seen)
        except (SyntaxError, ValueError, ZeroDivisionError, MemoryError) as error:
            raise _Unknown from error

    def _of(self, node: ast.expr, seen: frozenset[str]) -> int:
        match node:
            case ast.Constant(value=int() as value):
                return value
            case ast.Name(id=name) if name in self._consts and name not in seen:
                return self._value(self._consts[name], seen | {name})
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                a, b = self._of(left, seen), self._of(right, seen)
                if isinstance(op, ast.LShift) and b > 32:
                    raise _Unknown
                return _OPERATORS[type(op)](a, b)
            case ast.Call(func=ast.Name(id=name), args=args) if name in _CALLS and args:
                return _CALLS[name](*(self._of(argument, seen) for argument in args))
        raise _Unknown

    def _sized(self, text: str, depth: int = 0) -> tuple[int, int]:
        """The size and the alignment in bytes of a type."""
        name, inside = _split(text)
        if depth > 20:
            raise _Unknown
        if name in SCALARS:
            return SCALARS[name], SCALARS[name]
        if name in self._aliases:
            return self._sized(self._aliases[name], depth + 1)
        if name in self._structs:
            return self._struct(self._structs[name], depth)
        parts = _parts(inside)
        if name == "atomic":
            return self._sized(parts[0], depth + 1)
        if name == "array" and len(parts) >= 2:
            size, alignment = self._sized(parts[0], depth + 1)
            return _up(size, alignment) * self._value(parts[1]), alignment
        if found := re.fullmatch(r"vec([234])([fiuh]?)", name):
            return self._vector(int(found[1]), SUFFIXES.get(found[2]) or parts[0], depth)
        if found := re.fullmatch(r"mat([234])x([234])([fh]?)", name):
            size, alignment = self._vector(int(found[2]), SUFFIXES.get(found[3]) or parts[0], depth)
            return int(found[1]) * _up(size, alignment), alignment
        raise _Unknown

    def _vector(self, lanes: int, scalar: str, depth: int) -> tuple[int, int]:
        size, _ = self._sized(scalar, depth + 1)
        return lanes * size, (2 if lanes == 2 else 4) * size

    def _struct(self, body: str, depth: int) -> tuple[int, int]:
        at, widest = 0, 1
        for member in filter(str.strip, _parts(body)):
            attributes, _, type = member.partition(":")
            size, alignment = self._sized(type, depth + 1)
            for name, value in re.findall(r"@\s*(size|align)\s*\(([^)]*)\)", attributes):
                if name == "size":
                    size = self._value(value)
                else:
                    alignment = self._value(value)
            at = _up(at, max(alignment, 1)) + size
            widest = max(widest, alignment)
        return _up(at, widest), widest


_OPERATORS: Mapping[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
}
_CALLS: Mapping[str, Callable[..., int]] = {
    "min": lambda *a: min(a),
    "max": lambda *a: max(a),
    "u32": lambda a: a,
    "i32": lambda a: a,
}


def _up(value: int, multiple: int) -> int:
    return -(-value // multiple) * multiple


def _braced(text: str, start: int) -> str:
    """The body of a function whose parameters begin at ``start``."""
    begin = text.find("{", start)
    depth = 0
    for i in range(begin, len(text)) if begin >= 0 else ():
        depth += {"{": 1, "}": -1}.get(text[i], 0)
        if not depth:
            return text[begin:i]
    return text[start:]


def _split(text: str) -> tuple[str, str]:
    """A type's name and what stands between its angle brackets."""
    name, _, rest = text.strip().partition("<")
    return name.strip(), rest.strip().removesuffix(">") if rest else ""


def _parts(text: str) -> list[str]:
    """What commas outside of brackets divide."""
    parts, depth, last = [], 0, 0
    for i, c in enumerate(text.replace("<<", "  ").replace("->", "  ")):
        depth += {"<": 1, "(": 1, ">": -1, ")": -1}.get(c, 0)
        if c == "," and depth == 0:
            parts.append(text[last:i])
            last = i + 1
    return [*parts, text[last:]]


def _until(text: str, closing: str) -> str:
    """What stands before the bracket that closes one that is open already."""
    depth = 1
    for i, c in enumerate(text):
        depth += {"(": 1, closing: -1}.get(c, 0)
        if not depth:
            return text[:i]
    raise _Unknown
