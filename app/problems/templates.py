"""Kernel templates of others: Jinja in a sandbox, where a text computes with its parameters and no more."""

from functools import cache

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelError, KernelscopeError
from app.core.variant import Parameters


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Kernel text is no markup: escaping would turn `a < b` into `a &lt; b`.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False
    )


def render(text: str, name: str, parameters: Parameters) -> str:
    """The kernel that a template is with these parameters: it reaches nothing but them.

    Raises:
        KernelscopeError: it does not parse, needs other names, does what is forbidden, or is too long.
    """
    try:
        pieces, size = [], 0
        for piece in _environment().from_string(text).generate(dict(parameters)):
            pieces.append(piece)
            size += len(piece)
            if size > LONGEST_TEXT:
                raise KernelscopeError(f"{name}: its text has more than {LONGEST_TEXT} characters")
        return "".join(pieces)
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise KernelError(f"{name}: {error.message or type(error).__name__}", line) from error
    except (ArithmeticError, LookupError, TypeError, ValueError, MemoryError, RecursionError) as error:
        raise KernelscopeError(f"{name}: {error or type(error).__name__}") from error
