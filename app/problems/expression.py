"""Expressions over sizes, such as ``2 * rows * columns``: parsed by their own grammar, never run as Python.

``+ - * / // %`` with the usual precedence and parentheses, numbers, names, and the functions ``min``, ``max``
and ``ceildiv``. ``/`` gives a number with a fraction; every other result of whole numbers is whole.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from app.core.errors import KernelscopeError, UsageError

Number = int | float

LONGEST = 400
"""Characters of an expression."""

DEEPEST = 40
"""Parentheses and signs within each other."""

LARGEST = 1 << 62
"""No value on the way is larger: what is beyond no memory holds, and no number of operations reaches."""

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>//|[-+*/%(),]))"
)
_FUNCTIONS: dict[str, tuple[int, Callable[..., Number]]] = {
    "min": (2, min),
    "max": (2, max),
    "ceildiv": (2, lambda a, b: _floor(a + b - 1, b)),
}
"""How many arguments each takes at least (``ceildiv``: exactly), and what it does."""

FUNCTIONS = frozenset(_FUNCTIONS)

Values = Mapping[str, Number]
_Node = Callable[[Values], Number]


class Expression:
    """A parsed expression: ``names`` are those that it needs, ``at(values)`` is its value.

    Raises:
        UsageError: the text is no expression.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        parser = _Parser(text)
        self._node = parser.whole()
        self.names = frozenset(parser.names)

    def at(self, values: Values) -> Number:
        """The value where names have these values.

        Raises:
            KernelscopeError: a name has no value, something is divided by 0, or the value is out of range.
        """
        try:
            found = self._node(values)
        except KeyError as error:
            known = ", ".join(values) or "none"
            raise UsageError(f"{self.text!r}: there is no {error.args[0]!r}; there are: {known}") from None
        except ZeroDivisionError:
            raise KernelscopeError(f"{self.text!r} divides by 0 at {_words(values)}") from None
        except OverflowError:
            raise KernelscopeError(f"{self.text!r} is out of range at {_words(values)}") from None
        return found


def _words(values: Values) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items()) or "no sizes"


@lru_cache(maxsize=1000)
def parse(text: str | Number) -> Expression:
    """The expression that ``text``, or a plain number, stands for.

    Raises:
        UsageError: it is none, with the place and what was expected there.
    """
    return Expression(str(text))


def value(text: str | Number, values: Values) -> Number:
    """The value of an expression; see ``Expression.at``."""
    return parse(text).at(values)


def whole(text: str | Number, values: Values, least: int = 0) -> int:
    """The value of an expression that has to be a whole number of at least ``least``.

    Raises:
        KernelscopeError: it is none, or smaller.
    """
    found = value(text, values)
    if found != int(found):
        raise KernelscopeError(
            f"{str(text)!r} is {found} at {_words(values)}, and has to be whole: // divides so"
        )
    if found < least:
        raise KernelscopeError(
            f"{str(text)!r} is {int(found)} at {_words(values)}, and has to be {least} or more"
        )
    return int(found)


def names(texts: Iterable[str | Number]) -> frozenset[str]:
    """Every name in these expressions."""
    return frozenset(name for text in texts for name in parse(text).names)


def _bounded(number: Number) -> Number:
    if not -LARGEST <= number <= LARGEST:
        raise OverflowError
    return number


def _floor(a: Number, b: Number) -> Number:
    return a // b if isinstance(a, int) and isinstance(b, int) else math.floor(a / b)


_OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": _floor,
    "%": lambda a, b: a % b,
}
_LEVELS = (("+", "-"), ("*", "/", "//", "%"))


class _Parser:
    """Recursive descent: sums of products of numbers, names, calls and what stands in parentheses."""

    def __init__(self, text: str) -> None:
        if len(text) > LONGEST:
            raise UsageError(f"the expression {text[:30]!r}… has more than {LONGEST} characters")
        self._text = text
        self._tokens = list(self._split())
        self._at = 0
        self._depth = 0
        self.names: set[str] = set()

    def whole(self) -> _Node:
        node = self._sum(0)
        if self._at < len(self._tokens):
            self._fail("an operator")
        return node

    def _split(self) -> Iterator[tuple[str, str, int]]:
        at, text = 0, self._text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if not found:
                column = at + len(text[at:]) - len(text[at:].lstrip()) + 1
                raise UsageError(
                    f"the expression {self._text!r}: {text[column - 1]!r} at column {column} is "
                    "nothing it may have; "
                    "there are numbers, names, + - * / // % ( ), min, max and ceildiv"
                )
            kind = str(found.lastgroup)
            yield kind, found[kind], found.start(kind) + 1
            at = found.end()

    def _peek(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _fail(self, expected: str) -> None:
        where = f"at column {self._tokens[self._at][2]}" if self._at < len(self._tokens) else "at its end"
        raise UsageError(f"the expression {self._text!r}: {expected} was expected {where}")

    def _take(self, sign: str) -> None:
        if self._peek() != sign:
            self._fail(repr(sign))
        self._at += 1

    def _sum(self, level: int) -> _Node:
        if level == len(_LEVELS):
            return self._atom()
        node = self._sum(level + 1)
        while (sign := self._peek()) in _LEVELS[level]:
            self._at += 1
            node = _joined(_OPERATIONS[sign], node, self._sum(level + 1))
        return node

    def _atom(self) -> _Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UsageError(f"the expression {self._text[:30]!r}… is nested more than {DEEPEST} deep")
        try:
            return self._inner()
        finally:
            self._depth -= 1

    def _inner(self) -> _Node:
        if self._at == len(self._tokens):
            self._fail("a number or a name")
        kind, word, _ = self._tokens[self._at]
        if kind == "number":
            self._at += 1
            number: Number = int(word) if word.isdigit() else float(word)
            if number > LARGEST:
                raise UsageError(f"the expression {self._text!r}: {word} is too large")
            return lambda values: number
        if kind == "name":
            self._at += 1
            if self._peek() == "(":
                return self._call(word)
            self.names.add(word)
            return lambda values: values[word]
        if word == "-":
            self._at += 1
            inner = self._atom()
            return lambda values: -inner(values)
        if word == "(":
            self._at += 1
            inner = self._sum(0)
            self._take(")")
            return inner
        self._fail("a number or a name")
        raise AssertionError

    def _call(self, name: str) -> _Node:
        if name not in _FUNCTIONS:
            raise UsageError(
                f"the expression {self._text!r}: there is no function {name!r}; there are: min, max, ceildiv"
            )
        count, function = _FUNCTIONS[name]
        self._take("(")
        arguments = [self._sum(0)]
        while self._peek() == ",":
            self._at += 1
            arguments.append(self._sum(0))
        self._take(")")
        if len(arguments) < count or (name == "ceildiv" and len(arguments) > count):
            raise UsageError(f"the expression {self._text!r}: {name} takes {count} values")
        return lambda values: _bounded(function(*(argument(values) for argument in arguments)))


def _joined(operation: Callable[[Number, Number], Number], left: _Node, right: _Node) -> _Node:
    return lambda values: _bounded(operation(left(values), right(values)))
