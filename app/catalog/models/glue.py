"""The texts between operators: conversions, quantising, endings, and the like."""

from collections.abc import Mapping

from app.catalog.render import render
from app.core.program import Grid
from app.core.target import Dialect, Runtime
from app.core.variant import Variant

GROUP = 64
"""Threads of a workgroup."""

MOST_GROUPS = 65535


def text(
    recipe: Variant, template: str, dialect: Dialect, options: Mapping[str, int | bool], *techniques: str
) -> str:
    """The text of a template of the folder ``glue`` beside the operators of the recipe's runtime."""
    gpu = recipe.runtime is Runtime.WGSL
    needs = ["packed_4x8_integer_dot_product"] if gpu and template.startswith("quantise") else []
    needs += ["subgroups"] if "subgroup" in techniques else []
    ways: dict[str, int | str | bool] = {"workgroup_size": GROUP} if gpu and template != "pool" else {}
    if not gpu:
        lanes = 1 if "scalar" in recipe.techniques else 4
        ways = {"p": "i32", "shared": "threads" in recipe.techniques, "lanes": lanes}
        techniques = (*recipe.techniques, "fused")
    variant = Variant(
        workload="glue",
        name=template.replace("_", " "),
        runtime=recipe.runtime,
        summary="",
        template=f"{template}.{recipe.runtime.about.suffix}",
        layout="",
        storage="f32",
        compute="f32",
        techniques=techniques,
        requires=tuple(needs),
        options={**options, **ways},
    )
    return render(variant, {}, dialect)


def groups(things: int, each: int = GROUP) -> Grid:
    """Workgroups for so many things, each taking several turns where there are too many."""
    return (min(-(-things // each), MOST_GROUPS), 1, 1)
