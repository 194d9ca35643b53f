"""What breaks the templates, a file per workload: by name path, right text, wrong text and variants.

Each of the variants must end as a wrong result then. They are those of the template's folder, or of a
workload that takes it in and stands before them: ``attention-decode:f32``.
"""

from importlib import import_module
from pkgutil import iter_modules

Mutation = tuple[str, str, str, str]


def every() -> dict[str, Mutation]:
    """All of them."""
    found: dict[str, Mutation] = {}
    for module in iter_modules(__path__):
        for name, mutation in import_module(f"{__name__}.{module.name}").MUTATIONS.items():
            assert name not in found, name
            found[name] = mutation
    return found
