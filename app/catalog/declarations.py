"""What a template takes, said at its head: ``//% param name, storage`` (``;;%`` in WebAssembly's texts).

A name stands there if this very file uses it, whoever gives it: the variant (its fields, parameters and
options) or the file that includes this one. ``if`` says which variants give it: ``param split if "splitk" in
techniques``. The lines leave nothing in the rendered text.
"""

from collections.abc import Iterable, MutableMapping
from typing import Any

from jinja2 import Environment, PackageLoader, Template, nodes
from jinja2.ext import Extension
from jinja2.meta import find_undeclared_variables
from jinja2.parser import Parser
from jinja2.runtime import Context

from app.core.errors import KernelscopeError


class Declarations(Extension):
    """The statement ``param``: what it names has to be given when the template is rendered."""

    tags = {"param"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        """A call of ``given``; with a condition, one of it or of ``absent``."""
        line = next(parser.stream).lineno
        names: list[nodes.Expr] = [nodes.ContextReference()]
        names.append(nodes.Const(parser.stream.expect("name").value))
        while parser.stream.skip_if("comma"):
            names.append(nodes.Const(parser.stream.expect("name").value))
        given = nodes.ExprStmt(self.call_method("given", names), lineno=line)
        if not parser.stream.skip_if("name:if"):
            return given
        absent = nodes.ExprStmt(self.call_method("absent", names), lineno=line)
        return nodes.If(parser.parse_expression(), [given], [], [absent], lineno=line)

    def given(self, context: Context, *names: str) -> None:
        """Refuse to render for a variant that lacks one of ``names``.

        Raises:
            KernelscopeError: it does.
        """
        if missing := [name for name in names if name not in context]:
            raise KernelscopeError(
                f"template {context.name} takes {_list(missing)}, which {_variant(context)} does not give"
            )

    def absent(self, context: Context, *names: str) -> None:
        """Refuse to render for a variant that has one of ``names``, where that would be without effect.

        Raises:
            KernelscopeError: it has.
        """
        if idle := [name for name in names if name in context]:
            raise KernelscopeError(
                f"template {context.name} takes no {_list(idle)} from {_variant(context)}, which gives it"
            )


class Templates(PackageLoader):
    """The templates of a package, refused unless each declares exactly the names that it takes."""

    def load(
        self,
        environment: Environment,
        name: str,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """The template ``name``, compiled.

        Raises:
            KernelscopeError: it uses a name that it does not declare, or declares one that it does not use.
        """
        text, path, fresh = self.get_source(environment, name)
        tree = environment.parse(text, name, path)
        used, names = find_undeclared_variables(tree), declared(tree)
        # Jinja counts a name that only one branch sets as taken from outside.
        own = {found.name for found in tree.find_all(nodes.Name) if found.ctx == "store"}
        if wrong := used - own - names:
            raise KernelscopeError(f"template {name} uses {_list(wrong)} without declaring it (param)")
        if wrong := names - used:
            raise KernelscopeError(f"template {name} declares {_list(wrong)} and never uses it")
        code = environment.compile(tree, name, path)
        return environment.template_class.from_code(environment, code, globals or {}, fresh)


def declared(tree: nodes.Template) -> set[str]:
    """The names in the ``param`` lines of a template."""
    calls = (call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.ExtensionAttribute))
    return {name.value for call in calls for name in call.args if isinstance(name, nodes.Const)}


def _variant(context: Context) -> str:
    return str(context.get("name", "its variant"))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
