"""Templates: Jinja with control lines that are comments of the host language."""

import hashlib
from collections.abc import Collection, Iterable
from functools import cache

from jinja2 import Environment, StrictUndefined, TemplateError

from app.catalog.declarations import Declarations, Templates
from app.core.edit import LONGEST_TEXT
from app.core.errors import KernelscopeError
from app.core.feature_tests import directives
from app.core.target import Dialect, Runtime
from app.core.variant import Parameters, Variant


@cache
def _environment(runtime: Runtime) -> Environment:
    # Kernel text is no markup: escaping would turn `a < b` into `a &lt; b`.
    return Environment(
        loader=Templates(runtime.about.package, ""),
        extensions=[Declarations],
        line_statement_prefix=f"{runtime.about.comment}%",
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )


def render(variant: Variant, parameters: Parameters, dialect: Dialect) -> str:
    """The text of ``variant`` for ``parameters``; templates see both, the options and the types.

    ``directives`` are the lines that a WGSL text must begin with to use what the variant requires.

    Raises:
        KernelscopeError: the template is missing, malformed or takes what the variant does not give, or the
            text is too long for any compiler.
    """
    names = {
        "name": variant.name,
        "storage": variant.storage,
        "compute": variant.compute,
        "sums": variant.sums,
        "techniques": variant.techniques,
        "operation": variant.operation,
        "directives": _directives(variant, dialect),
        **variant.options,
        **parameters,
    }
    try:
        template = _environment(variant.runtime).get_template(f"{variant.folder}/{variant.template}")
        text = _bounded(template.generate(names), variant)
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
        # A session may bring any variant, and any value for a parameter.
        raise KernelscopeError(f"template {variant.folder}/{variant.template}: {error}") from error
    return tidy(text) if variant.runtime is Runtime.WGSL else text


def digest(runtime: Runtime, folders: Collection[str]) -> str:
    """Eight hex digits that change with the templates in these folders and with those that all share."""
    environment, found = _environment(runtime), hashlib.sha256()
    for name in environment.list_templates(extensions=(runtime.about.suffix,)):
        folder, _, _ = name.rpartition("/")
        if not folder or folder in folders:
            assert environment.loader
            text, _, _ = environment.loader.get_source(environment, name)
            found.update(f"{name}\0{text}\0".encode())
    return found.hexdigest()[:8]


def _bounded(pieces: Iterable[str], variant: Variant) -> str:
    """What the pieces come to: parameters unroll loops, and the largest would write for minutes."""
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size > LONGEST_TEXT:
            raise KernelscopeError(
                f"{variant.name}: its text has more than {LONGEST_TEXT} characters; choose smaller parameters"
            )
    return "".join(kept)


def _directives(variant: Variant, dialect: Dialect) -> str:
    """``enable f16;`` and the like, a line for each feature that the dialect wants to hear of."""
    unheard = {"enable subgroups;"} if dialect is Dialect.NAGA else set()
    return "\n".join(line for line in directives(variant.requires) if line not in unheard)


def tidy(text: str) -> str:
    """WGSL indented by its brackets, with a blank line before each declaration and none doubled.

    Macros and loops of a template cannot know how deep their text will stand.
    """
    lines: list[str] = []
    depth = 0
    for line in map(str.strip, text.splitlines()):
        if not line and (not lines or not lines[-1]):
            continue
        if line.startswith("}") and lines and not lines[-1]:
            lines.pop()
        if line.startswith(DECLARATIONS) and lines and lines[-1] and not lines[-1].startswith("// "):
            lines.append("")
        code = line.split("//", 1)[0]
        closing = len(code) - len(code.lstrip("})"))
        continued = line.startswith(("+ ", "* "))
        lines.append("  " * (depth - closing + continued) + line if line else "")
        depth += sum(map(code.count, "{(")) - sum(map(code.count, "})"))
    return "\n".join(lines).rstrip() + "\n"


DECLARATIONS = ("@compute", "struct ", "var<workgroup>")
