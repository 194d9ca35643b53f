"""Templates: Jinja with control lines that are comments of the host language."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, TemplateError

from app.catalog import PACKAGES
from app.core.errors import KernelscopeError
from app.core.target import Runtime
from app.core.variant import Parameters, Variant

PREFIXES = {Runtime.WGSL: "//%", Runtime.WASM: ";;%"}


@cache
def _environment(runtime: Runtime) -> Environment:
    # Kernel text is no markup: escaping would turn `a < b` into `a &lt; b`.
    return Environment(
        loader=PackageLoader(PACKAGES[runtime].__name__, ""),
        line_statement_prefix=PREFIXES[runtime],
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701
    )


def render(variant: Variant, parameters: Parameters) -> str:
    """The text of ``variant`` for ``parameters``; templates see both, the options and the types.

    Raises:
        KernelscopeError: the template is missing, malformed or names something unknown.
    """
    names = {
        "name": variant.name,
        "storage": variant.storage,
        "compute": variant.compute,
        "techniques": variant.techniques,
        **variant.options,
        **parameters,
    }
    try:
        template = _environment(variant.runtime).get_template(f"{variant.workload}/{variant.template}")
        return template.render(names)
    except TemplateError as error:
        raise KernelscopeError(f"template {variant.workload}/{variant.template}: {error}") from error
