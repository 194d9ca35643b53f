"""``show``: the exact text of a kernel."""

from app.catalog import source, variants
from app.core.errors import KernelscopeError
from app.core.selection import select
from app.core.variant import Variant


def show_variant(name: str, workload: str, settings: list[str]) -> None:
    """Print the rendered text of the first variant that ``name`` (or ``runtime/name``) matches."""
    among = [variant for variant in variants() if variant.workload == workload]
    if not among:
        known = ", ".join(dict.fromkeys(variant.workload for variant in variants()))
        raise KernelscopeError(f"no workload {workload!r}; there are: {known}")
    variant = select(among, [name], lambda v: (v.name, f"{v.runtime.value}/{v.name}"), "variant")[0]
    print(source(variant, _parameters(variant, settings)), end="")


def _parameters(variant: Variant, settings: list[str]) -> dict[str, int | str]:
    """The GPU defaults with ``NAME=VALUE`` settings over them.

    Raises:
        KernelscopeError: a setting has no such parameter, or its value is none that the parameter can have.
    """
    values = {parameter.name: parameter.gpu for parameter in variant.parameters}
    for setting in settings:
        name, _, text = setting.partition("=")
        if name not in values:
            known = ", ".join(values) or "none"
            raise KernelscopeError(f"{variant.name} has no parameter {name!r}; there are: {known}")
        if isinstance(values[name], str):
            words = [str(choice) for p in variant.parameters if p.name == name for choice in p.choices]
            if text not in words:
                raise KernelscopeError(f"{setting!r}: the value must be one of {', '.join(words)}")
            values[name] = text
            continue
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1024:
            raise KernelscopeError(f"{setting!r}: the value must be a whole number from 1 to 1024")
        values[name] = int(text)
    return values
