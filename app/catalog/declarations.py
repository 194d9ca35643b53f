"""What a template takes, said at its head: ``//% param name, storage`` (``;;%`` in WebAssembly's texts).

A name stands there if this very file uses it, whoever gives it: the variant (its fields, parameters and
options) or the file that includes this one. ``if`` says which variants give it: ``param split if "splitk" in
techniques``. The lines leave nothing in the rendered text.
"""

from collections.abc import Callable, Iterable

from jinja2 import Environment, PackageLoader, nodes
from jinja2.ext import Extension
from jinja2.meta import find_undeclared_variables
from jinja2.parser import Parser
from jinja2.runtime import Context

from app.core.errors import KernelscopeError


class Declarations(Extension):
    """The statement ``param``: what it names has to be given when the template is rendered."""

    tags = {"param"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        """One call of ``given``, or a branch around it."""
        line = next(parser.stream).lineno
        names: list[nodes.Expr] = [nodes.Const(parser.stream.expect("name").value)]
        while parser.stream.skip_if("comma"):
            names.append(nodes.Const(parser.stream.expect("name").value))
        call = self.call_method("given", [nodes.ContextReference(), *names])
        statement = nodes.ExprStmt(call, lineno=line)
        if parser.stream.skip_if("name:if"):
            return nodes.If(parser.parse_expression(), [statement], [], [], lineno=line)
        return statement

    def given(self, context: Context, *names: str) -> None:
        """Refuse to render for a variant that lacks one of ``names``.

        Raises:
            KernelscopeError: it does.
        """
        if missing := [name for name in names if name not in context]:
            variant = context.get("name", "its variant")
            raise KernelscopeError(
                f"template {context.name} takes {_list(missing)}, which {variant} does not give"
            )


class Templates(PackageLoader):
    """The templates of a package, refused unless each declares exactly the names that it takes."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool] | None]:
        """The text of ``template``.

        Raises:
            KernelscopeError: it uses a name that it does not declare, or declares one that it does not use.
        """
        found = super().get_source(environment, template)
        tree = environment.parse(found[0], template)
        used, names = find_undeclared_variables(tree), declared(tree)
        # Jinja counts a name that only one branch sets as taken from outside.
        own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
        if wrong := used - own - names:
            raise KernelscopeError(f"template {template} uses {_list(wrong)} without declaring it (param)")
        if wrong := names - used:
            raise KernelscopeError(f"template {template} declares {_list(wrong)} and never uses it")
        return found


def declared(tree: nodes.Template) -> set[str]:
    """The names in the ``param`` lines of a template."""
    calls = (call for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.ExtensionAttribute))
    return {name.value for call in calls for name in call.args if isinstance(name, nodes.Const)}


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
