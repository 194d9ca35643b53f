"""``show``: the exact text of a kernel."""

from app.catalog.choose import choose_workloads
from app.catalog.index import variants
from app.catalog.programs import source
from app.cli.output import say, say_text
from app.core.edit import check_parameters
from app.core.errors import KernelscopeError
from app.core.feature_tests import web_ready
from app.core.selection import select
from app.core.target import Runtime
from app.core.variant import Variant


def show_variant(name: str, workload: str, settings: list[str], web: bool) -> None:
    """Print the text of a variant as it runs here, or as a web page takes it."""
    variant = find_variant(name, workload)
    text = source(variant, parameters_from(variant, settings))
    say_text(web_ready(text, variant.requires) if web and variant.runtime is Runtime.WGSL else text)


def show_contract(name: str, workload: str, settings: list[str], size: str) -> None:
    """Print what a text in the place of a variant has to reckon with; without a name, of each variant.

    Raises:
        KernelscopeError: there is no such variant, parameter or size.
    """
    from app.catalog.contract import contract_lines

    problem = choose_workloads([workload])[0]
    shape = problem.shape(size) if size else problem.default_shapes[0]
    if name:
        chosen = [find_variant(name, workload)]
    else:
        chosen = [v for v in variants() if v.workload == workload and v.checked and v.template]
    for variant in chosen:
        for line in contract_lines(variant, parameters_from(variant, settings), shape):
            say(line)


def find_variant(name: str, workload: str) -> Variant:
    """The first variant that ``name`` (or ``runtime/name``) matches.

    Raises:
        KernelscopeError: there is no such workload or variant.
    """
    among = [variant for variant in variants() if variant.workload == workload]
    if not among:
        known = ", ".join(dict.fromkeys(variant.workload for variant in variants()))
        raise KernelscopeError(f"no workload {workload!r}; there are: {known}")
    return select(among, [name], lambda v: (v.name, f"{v.runtime.value}/{v.name}"), "variant")[0]


def parameters_from(variant: Variant, settings: list[str]) -> dict[str, int | str]:
    """The GPU defaults with ``NAME=VALUE`` settings over them.

    Raises:
        KernelscopeError: a setting has no such parameter, or its value is none that the parameter can have.
    """
    values = {parameter.name: parameter.gpu for parameter in variant.parameters}
    for setting in settings:
        name, _, text = setting.partition("=")
        number = text.isascii() and text.isdigit() and not isinstance(values.get(name), str)
        values[name] = int(text) if number else text
    check_parameters(variant, values)
    return values
